using MovieRecommender.Benchmarks;

return args switch
{
    ["quality", .. var rest] => Quality.Run(rest),
    ["import", var folder] => await ImportSpeed.RunAsync(folder),
    ["newcomer", .. var rest] => Newcomer.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: quality [DATASETS] | newcomer [DATASETS] | import FOLDER");
    return 2;
}
