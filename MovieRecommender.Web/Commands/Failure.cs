using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;
using MovieRecommender.Domain;
using MovieRecommender.Domain.Accounts;

namespace MovieRecommender.Web.Commands;

/// <summary>The errors that people can do something about. Any other is a fault of the program and keeps its stack trace.</summary>
static class Failure
{
    const string ChooseAnother = "Stop what uses the port, or choose another with --urls http://localhost:PORT.";

    /// <param name="urls">Where the app was to listen, if it was.</param>
    /// <returns>One line, or null for a fault of the program.</returns>
    public static string? Describe(Exception error, string? urls = null) => error switch
    {
        InvalidInputException or AccessDeniedException => error.Message,
        OptionsValidationException options => string.Join(' ', options.Failures),
        // Its message names the value and the key.
        InvalidOperationException { Source: "Microsoft.Extensions.Configuration.Binder" } => error.Message,
        IOException { InnerException: AddressInUseException or SocketException } => $"The app cannot listen: {error.Message.TrimEnd('.')}. {ChooseAnother}",
        SocketException => $"The app cannot listen on '{urls}': {error.Message.TrimEnd('.')}. {ChooseAnother}",
        FormatException { Source: "Microsoft.AspNetCore.Http" } => $"The app cannot listen on '{urls}': {error.Message.TrimEnd('.')}. {ChooseAnother}",
        _ => null,
    };
}
