namespace Kedge.Demo.Ordering;

/// <summary>An order, or a question, that could not be dealt with within its budget. The message is for the customer.</summary>
internal sealed class OrderRefusedException(string why, Exception? inner) : Exception(why, inner);
