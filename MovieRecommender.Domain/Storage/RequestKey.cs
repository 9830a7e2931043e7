using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MovieRecommender.Domain.Storage;

/// <summary>A sender's own name for a request, so that sending it again, because no answer came, does nothing twice.</summary>
public sealed record RequestKey
{
    const int LongestKey = 100;

    /// <summary>How long a key is remembered after its request.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    RequestKey(string value) => Value = value;

    public string Value { get; }

    /// <returns>Null when none is given.</returns>
    /// <exception cref="InvalidInputException">It is empty, too long, or holds more than visible ASCII.</exception>
    public static RequestKey? Of(string? given)
        => given is null ? null
            : given.Length is > 0 and <= LongestKey && !given.AsSpan().ContainsAnyExceptInRange('!', '~') ? new(given)
            : throw new InvalidInputException($"Idempotency-Key is '{given}'; allowed are 1 to {LongestKey} visible characters without spaces.");
}

/// <summary>A request that came with a key, and the number of what it made.</summary>
public sealed class KeptRequest
{
    public required string Key { get; init; }

    /// <summary>What was asked for, to tell a repetition from another request under the same key.</summary>
    public required string Asked { get; init; }

    public int Made { get; init; }

    public DateTime AtUtc { get; init; }
}

sealed class KeptRequestConfiguration : IEntityTypeConfiguration<KeptRequest>
{
    public void Configure(EntityTypeBuilder<KeptRequest> builder)
    {
        builder.ToTable("KeptRequests");
        builder.HasKey(request => request.Key);
        builder.Property(request => request.Key).HasMaxLength(100);
    }
}

/// <summary>Used within the transaction that makes what was asked for: a key without its work, or work without its key, cannot be.</summary>
static class KeptRequestTable
{
    extension(AppDbContext db)
    {
        /// <summary>What the same request made before, or null when it is new.</summary>
        /// <exception cref="ConflictException">The key belongs to another request.</exception>
        public async Task<int?> MadeBeforeAsync(RequestKey? key, string asked, CancellationToken cancellationToken)
        {
            if (key is null) return null;
            var known = await db.Set<KeptRequest>().AsNoTracking().FirstOrDefaultAsync(request => request.Key == key.Value, cancellationToken);
            if (known is not null && known.Asked != asked) throw new ConflictException($"The Idempotency-Key '{key.Value}' was sent with another request. Make a new one for each.");
            return known?.Made;
        }

        /// <summary>Remembers what a request made, and forgets old ones.</summary>
        public async Task KeepRequestAsync(RequestKey? key, string asked, int made, DateTime now, CancellationToken cancellationToken)
        {
            if (key is null) return;
            var old = now - RequestKey.Kept;
            await db.Set<KeptRequest>().Where(request => request.AtUtc < old).ExecuteDeleteAsync(cancellationToken);
            db.Add(new KeptRequest { Key = key.Value, Asked = asked, Made = made, AtUtc = now });
        }
    }
}
