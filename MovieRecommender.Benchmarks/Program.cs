using MovieRecommender.Benchmarks;

return args switch
{
    ["quality", .. var rest] => Quality.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: quality [DATASETS]");
    return 2;
}
