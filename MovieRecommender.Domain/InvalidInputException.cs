namespace MovieRecommender.Domain;

/// <summary>The input cannot be used. The message is one sentence for people: it names the value and what is allowed.</summary>
public class InvalidInputException(Wording wording, Exception? inner = null) : Exception(wording.ToString(), inner)
{
    /// <summary>The message, to be said in another language.</summary>
    public Wording Wording { get; } = wording;
}

/// <summary>What was asked for by its id does not exist.</summary>
public sealed class NotFoundException(Wording wording) : InvalidInputException(wording);

/// <summary>The input would be fine, but not as things stand; the message says what stands in the way.</summary>
public sealed class ConflictException(Wording wording) : InvalidInputException(wording);
