namespace MovieRecommender.Domain;

/// <summary>The input cannot be used. The message is one sentence for people: it names the value and what is allowed.</summary>
public class InvalidInputException : Exception
{
    public InvalidInputException(string message) : base(message) { }

    public InvalidInputException(string message, Exception inner) : base(message, inner) { }
}

/// <summary>What was asked for by its id does not exist.</summary>
public sealed class NotFoundException(string message) : InvalidInputException(message);

/// <summary>The input would be fine, but not as things stand; the message says what stands in the way.</summary>
public sealed class ConflictException(string message) : InvalidInputException(message);
