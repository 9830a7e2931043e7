using MovieRecommender.Benchmarks;

return args switch
{
    ["quality", .. var rest] => Quality.Run(rest),
    ["newcomer", .. var rest] => Newcomer.Run(rest),
    ["speed", .. var rest] => Speed.Run(rest),
    ["scale", .. var rest] => Scale.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: quality [DATASETS] | newcomer [DATASETS] | speed [DATASETS [MF_TRAIN]] | scale [RATINGS [DRAWING.svg]]");
    return 2;
}
