namespace MovieRecommender.Domain.Storage;

/// <summary>Whether the store is open: its schema up to date and, the first time, its data loaded. Pages show the message meanwhile.</summary>
public sealed class Readiness(ChangeFeed changes)
{
    readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile Status _now = new("Starting", 0);

    /// <summary>What is being done, and how far it is.</summary>
    /// <param name="Fraction">0 to 1.</param>
    public sealed record Status(Wording Message, double Fraction);

    public Status Now => _now;

    public bool IsOpen => _open.Task.IsCompletedSuccessfully;

    public Task WaitAsync(CancellationToken cancellationToken) => _open.Task.WaitAsync(cancellationToken);

    public void Report(Wording message, double fraction)
    {
        _now = new(message, fraction);
        changes.Publish(ChangeFeed.Setup);
    }

    public void Open()
    {
        _open.TrySetResult();
        Report("Ready", 1);
    }
}
