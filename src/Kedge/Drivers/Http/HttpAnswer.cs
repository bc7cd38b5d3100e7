namespace Kedge.Drivers.Http;

/// <summary>How a request ended.</summary>
/// <param name="Ok">True where the answer is the expected one.</param>
/// <param name="What">One line, without secrets.</param>
/// <param name="Hint">What an operator may do; null where it is fine.</param>
/// <param name="Reached">
/// True where the request may have been received; false where it certainly was not (no connection was made).
/// </param>
/// <param name="Status">Null where no answer came.</param>
internal sealed record HttpAnswer(bool Ok, string What, string? Hint, bool Reached, int? Status);
