using System.Collections.Concurrent;

namespace MovieRecommender.Domain.Storage;

/// <summary>
/// Tells the open pages of this process that something changed, so that they ask again at once.
/// It carries no data: whoever misses a signal finds the same state in the database.
/// </summary>
public sealed class ChangeFeed
{
    public const string Training = "training";
    public const string LiveModel = "live-model";
    public const string Catalog = "catalog";
    public const string Setup = "setup";
    public const string Imports = "imports";

    /// <summary>The topic of one viewer's ratings.</summary>
    public static string Viewer(int viewerId) => $"viewer-{viewerId}";

    /// <summary>The topic of one movie night.</summary>
    public static string Night(string code) => $"night-{code}";

    readonly ConcurrentDictionary<string, Subscription[]> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>
    /// Calls <paramref name="changed"/> after every change of the topic until the result is disposed, in the context of who subscribed:
    /// a page goes on in its own language, whoever made the change. The callback must not throw or block.
    /// </summary>
    public IDisposable Subscribe(string topic, Action changed)
    {
        var subscription = new Subscription(this, topic, changed);
        _subscriptions.AddOrUpdate(topic, [subscription], (_, others) => [.. others, subscription]);
        return subscription;
    }

    public void Publish(string topic)
    {
        if (!_subscriptions.TryGetValue(topic, out var subscriptions)) return;
        foreach (var subscription in subscriptions) subscription.Changed();
    }

    void Remove(Subscription subscription)
    {
        while (_subscriptions.TryGetValue(subscription.Topic, out var before))
        {
            var after = before.Where(other => other != subscription).ToArray();
            var done = after.Length == 0
                ? _subscriptions.TryRemove(KeyValuePair.Create(subscription.Topic, before))
                : _subscriptions.TryUpdate(subscription.Topic, after, before);
            if (done) return;
        }
    }

    sealed class Subscription(ChangeFeed feed, string topic, Action changed) : IDisposable
    {
        readonly ExecutionContext? _context = ExecutionContext.Capture();

        public string Topic { get; } = topic;

        public void Changed()
        {
            if (_context is null) changed();
            else ExecutionContext.Run(_context, static action => ((Action)action!)(), changed);
        }

        public void Dispose() => feed.Remove(this);
    }
}
