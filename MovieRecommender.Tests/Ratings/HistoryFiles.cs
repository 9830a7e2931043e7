using System.IO.Compression;
using System.Text;

namespace MovieRecommender.Tests.Ratings;

/// <summary>Export files as other sites make them, made here.</summary>
static class HistoryFiles
{
    public static byte[] Zip(params IEnumerable<(string Path, string Content)> entries)
    {
        using var memory = new MemoryStream();
        using (var zip = new ZipArchive(memory, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (path, content) in entries)
            {
                using var entry = zip.CreateEntry(path).Open();
                entry.Write(Encoding.UTF8.GetBytes(content));
            }
        }
        return memory.ToArray();
    }

    public static byte[] Text(string content) => Encoding.UTF8.GetBytes(content);
}
