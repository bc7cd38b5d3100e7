using Kedge.Vault.Format;

namespace Kedge.Vault.Backends;

/// <summary>Failures that every kind of storage words alike.</summary>
internal static class BackendFaults
{
    internal static VaultException TooShort(ObjectName name, long offset, int count) =>
        VaultException.Damaged($"{name} ends before byte {offset + count}");

    internal static VaultException NotFound(ObjectName name, string location) =>
        new(VaultFault.NotFound, $"{name} is not in {location}");

    internal static VaultException AlreadyExists(ObjectName name, string location) =>
        new(VaultFault.AlreadyExists, $"{name} is in {location} already");

    /// <summary>The object's length, or null where it is not there.</summary>
    internal static async Task<long?> TryLengthAsync(IBackend backend, ObjectName name, CancellationToken cancellation)
    {
        try
        {
            return await backend.LengthAsync(name, cancellation);
        }
        catch (VaultException e) when (e.Fault == VaultFault.NotFound)
        {
            return null;
        }
    }

    /// <summary>Reading no bytes still demands that the object is there and reaches to <paramref name="offset"/>.</summary>
    internal static async Task DemandLengthAsync(IBackend backend, ObjectName name, long offset, CancellationToken cancellation)
    {
        if (await backend.LengthAsync(name, cancellation) < offset)
        {
            throw TooShort(name, offset, 0);
        }
    }

    /// <summary>What a server wrote, fit to be shown: one line, short, nothing that moves a terminal's cursor.</summary>
    internal static string OneLine(string? said)
    {
        const int Longest = 200;
        var clean = string.Concat((said ?? "").Select(c => char.IsControl(c) ? ' ' : c)).Trim();
        return clean.Length > Longest ? clean[..Longest] + "…" : clean;
    }
}
