namespace MovieRecommender.Domain.Storage;

/// <summary>
/// The bulk path: one SQL command, prepared once and run for many rows inside the context's transaction.
/// Many times faster than tracking entities. Parameters are <c>@p0</c>, <c>@p1</c>, …. Made by <see cref="AppDbContext.Prepare"/>.
/// </summary>
public abstract class PreparedCommand : IDisposable
{
    /// <summary>Runs the command.</summary>
    /// <param name="values">Whole numbers, texts, UTC times and nulls, one for each parameter.</param>
    /// <returns>Rows changed.</returns>
    public abstract int Run(params ReadOnlySpan<object?> values);

    /// <summary>The same for whole numbers alone, without a box around each.</summary>
    public abstract int RunNumbers(params ReadOnlySpan<long> values);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) { }
}
