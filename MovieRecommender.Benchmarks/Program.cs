using MovieRecommender.Benchmarks;

return args switch
{
    ["quality", .. var rest] => Quality.Run(rest),
    ["newcomer", .. var rest] => Newcomer.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: quality [DATASETS] | newcomer [DATASETS]");
    return 2;
}
