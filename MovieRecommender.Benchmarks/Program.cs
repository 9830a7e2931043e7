using System.Globalization;
using MovieRecommender.Benchmarks;
using MovieRecommender.Benchmarks.Fuzzing;
using MovieRecommender.Benchmarks.Web;

return args switch
{
    ["quality", .. var rest] => Quality.Run(rest),
    ["import", var folder] => await ImportSpeed.RunAsync(folder),
    ["pages", var folder, .. var paths] => await Pages.RunAsync(folder, paths),
    ["flood", var folder] => await Flood.RunAsync(folder),
    ["import-waits", var folder, var ratings] => await ImportWaits.RunAsync(folder, int.Parse(ratings, CultureInfo.InvariantCulture)),
    ["load", var folder] => await Load.RunAsync(folder),
    ["fuzz", var parser, var count] => Fuzz.Run(parser, int.Parse(count, CultureInfo.InvariantCulture)),
    ["fuzz-seeds", var folder] => Afl.WriteSeeds(folder),
    ["fuzz-afl", var parser] => Afl.Run(parser),
    ["newcomer", .. var rest] => Newcomer.Run(rest),
    ["speed", .. var rest] => Speed.Run(rest),
    ["profile", .. var rest] => Profile.Run(rest),
    ["scale", .. var rest] => Scale.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: quality [DATASETS [ML-100K]] | import FOLDER | import-waits FOLDER RATINGS | pages FOLDER [PATH…] | load FOLDER | flood FOLDER | fuzz PARSER|all COUNT | fuzz-seeds FOLDER | fuzz-afl PARSER | newcomer [DATASETS] | speed [DATASETS [MF_TRAIN]] | profile [DATASETS] | scale [RATINGS [DRAWING.svg]]");
    return 2;
}
