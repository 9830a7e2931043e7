// The API reference's checks would otherwise try to make code of text, which the content policy refuses and reports.
globalThis.__zod_globalConfig = { jitless: true };
