using System.Security.Cryptography;
using System.Text.Json;
using Kedge.Journal;
using Kedge.Plan.Model;
using Kedge.Store;

namespace Kedge.Nodes;

/// <summary>
/// The little that a start must know, read from the journal's records as plain JSON: whoever starts a data store waits for
/// it, and the reader of all events takes several times as long to get going. The chain is held as there.
/// </summary>
internal sealed class StartFacts
{
    private const int PageSize = 512;

    private readonly Dictionary<string, EpochFact> epochs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> activeSites = new(StringComparer.Ordinal);
    private string? plan;

    /// <summary>Name of the journal; null before its first event.</summary>
    public string? Journal { get; private set; }

    public bool HasPlan => plan is not null;

    /// <summary>The newest epoch of a component; null where no move ever took one.</summary>
    public EpochFact? EpochOf(ComponentId component) => epochs.GetValueOrDefault(component.ToString());

    /// <summary>Throws <see cref="StoreException"/> and <see cref="JournalDamagedException"/>.</summary>
    public static async Task<StartFacts> ReadAsync(IStore store, CancellationToken cancellation)
    {
        var facts = new StartFacts();
        var head = JournalHead.Empty;
        while (await store.ReadAsync(head.Position, PageSize, cancellation) is { Count: > 0 } records)
        {
            foreach (var record in records)
            {
                head = facts.Take(head, record);
            }
        }

        return facts;
    }

    /// <summary>Where a service is active: its primary site until something moved it; null where the plan has no such service.</summary>
    public string? ActiveSite(ServiceName service) => activeSites.TryGetValue(service.Value, out var site) ? site
        : InPlan(root => root.TryGetProperty("services", out var all) && all.TryGetProperty(service.Value, out var one) && one.TryGetProperty("primary", out var primary)
            ? primary.GetString()
            : null);

    /// <summary>The instance of the plan whose option <c>data</c> is this folder; null where there is none.</summary>
    public InstanceId? InstanceAt(string data)
    {
        var found = InPlan(root => DataFolders(root).Where(f => f.Data == data).Select(f => f.Instance).FirstOrDefault());
        return found is null ? null : InstanceId.Parse(found);
    }

    /// <summary>The folder that the plan names as an instance's data; null where it names none.</summary>
    public string? DataOf(InstanceId instance) =>
        InPlan(root => DataFolders(root).Where(f => f.Instance == instance.ToString()).Select(f => f.Data).FirstOrDefault());

    private JournalHead Take(JournalHead head, StoredRecord record)
    {
        try
        {
            using var json = JsonDocument.Parse(record.Data);
            var entry = json.RootElement;
            if (entry.GetProperty("position").GetInt64() != head.Position + 1 || entry.GetProperty("previous").GetString() != head.Hash)
            {
                throw new JournalDamagedException(record.Position, "it does not continue the entry before");
            }

            Apply(entry.GetProperty("event"));
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new JournalDamagedException(record.Position, "its record cannot be read as an event", failure);
        }

        return new(record.Position, Convert.ToHexStringLower(SHA256.HashData(record.Data.Span)));
    }

    private void Apply(JsonElement what)
    {
        switch (what.GetProperty("type").GetString())
        {
            case "JournalOpened":
                Journal = what.GetProperty("journal").GetString();
                break;
            case "PlanAdopted":
                plan = what.GetProperty("source").GetString();
                break;
            case "EpochTaken":
                epochs[what.GetProperty("component").GetString()!] =
                    new(what.GetProperty("epoch").GetInt64(), what.GetProperty("site").GetString()!, what.GetProperty("run").GetString()!);
                break;
            case "ActiveSiteChanged":
                activeSites[what.GetProperty("service").GetString()!] = what.GetProperty("site").GetString()!;
                break;
        }
    }

    /// <summary>The plan's canonical text is JSON.</summary>
    private string? InPlan(Func<JsonElement, string?> read)
    {
        if (plan is null)
        {
            return null;
        }

        using var json = JsonDocument.Parse(plan);
        return read(json.RootElement);
    }

    private static IEnumerable<(string Instance, string Data)> DataFolders(JsonElement root) =>
        from service in Members(root, "services")
        from component in Members(service.Value, "components")
        from instance in Members(component.Value, "at")
        where instance.Value.TryGetProperty("data", out var folder) && folder.ValueKind is JsonValueKind.String
        select ($"{service.Name}/{component.Name}@{instance.Name}", instance.Value.GetProperty("data").GetString()!.TrimEnd('/'));

    private static IEnumerable<JsonProperty> Members(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var members) && members.ValueKind is JsonValueKind.Object ? members.EnumerateObject() : [];
}

/// <summary>The newest epoch of a data store, as the journal names it.</summary>
internal sealed record EpochFact(long Epoch, string Site, string Run);
