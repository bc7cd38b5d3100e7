using System.Net;

namespace Kedge.Demo.Client;

/// <summary>What the client needs to know.</summary>
/// <param name="Host">The service's name in DNS.</param>
/// <param name="NameServer">Asked directly.</param>
/// <param name="Rate">Orders a second.</param>
/// <param name="Ledger">File to which the outcome of each order is appended.</param>
internal sealed record OrderingClientOptions(string Host, int Port, IPEndPoint NameServer, int Rate, string Ledger);
