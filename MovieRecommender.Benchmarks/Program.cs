using MovieRecommender.Benchmarks;
using MovieRecommender.Benchmarks.Web;

return args switch
{
    ["quality", .. var rest] => Quality.Run(rest),
    ["import", var folder] => await ImportSpeed.RunAsync(folder),
    ["pages", var folder, .. var paths] => await Pages.RunAsync(folder, paths),
    ["load", var folder] => await Load.RunAsync(folder),
    ["newcomer", .. var rest] => Newcomer.Run(rest),
    ["speed", .. var rest] => Speed.Run(rest),
    ["profile", .. var rest] => Profile.Run(rest),
    ["scale", .. var rest] => Scale.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: quality [DATASETS] | import FOLDER | pages FOLDER [PATH…] | load FOLDER | newcomer [DATASETS] | speed [DATASETS [MF_TRAIN]] | profile [DATASETS] | scale [RATINGS [DRAWING.svg]]");
    return 2;
}
