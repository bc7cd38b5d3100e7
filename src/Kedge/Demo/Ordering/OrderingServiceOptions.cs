using System.Net;

namespace Kedge.Demo.Ordering;

/// <summary>What the ordering service needs to know.</summary>
/// <param name="Site">Where it runs, for its answers.</param>
/// <param name="Databases">The database of every site, the local one first.</param>
/// <param name="PasswordFile">Path of the file that holds the database password.</param>
internal sealed record OrderingServiceOptions(
    string Site, IPEndPoint Listen, IReadOnlyList<IPEndPoint> Databases, string Database, string User, string PasswordFile);
