namespace MovieRecommender.Domain.Storage;

/// <summary>What somebody sends, taken in as it comes.</summary>
static class Upload
{
    /// <summary>Copies what is sent and returns how many bytes it was.</summary>
    /// <param name="tooLarge">What the sender is told beyond <paramref name="largest"/> bytes.</param>
    /// <exception cref="InvalidInputException">It is too large, or ends early.</exception>
    public static async Task<long> CopyAsync(Stream sent, Stream kept, long largest, string tooLarge, CancellationToken cancellationToken)
    {
        var buffer = new byte[1 << 16];
        for (long size = 0; ;)
        {
            var read = await ReadAsync(sent, buffer, size, cancellationToken);
            if (read == 0) return size;
            size += read;
            if (size > largest) throw new InvalidInputException(tooLarge);
            await kept.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }
    }

    // Only reading is the sender's fault: a full disk is not "ended early".
    static async Task<int> ReadAsync(Stream sent, byte[] buffer, long before, CancellationToken cancellationToken)
    {
        try
        {
            return await sent.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException error) when (!cancellationToken.IsCancellationRequested)
        {
            throw new InvalidInputException($"The upload ended early, after {before:N0} bytes: {error.Message}", error);
        }
    }
}
