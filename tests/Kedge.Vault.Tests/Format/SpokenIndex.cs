using Kedge.Vault.Format;

namespace Kedge.Vault.Tests.Format;

/// <summary>What an index says, a line each.</summary>
internal sealed class SpokenIndex : IIndexSink
{
    private ObjectId pack;

    public List<string> Lines { get; } = [];

    public void BeginPack(ObjectId pack)
    {
        this.pack = pack;
        Lines.Add($"pack {pack}");
    }

    public void BeginMarkedPack(ObjectId pack, GoTime time)
    {
        this.pack = pack;
        Lines.Add($"marked {pack} {time}");
    }

    public void Blob(in BlobEntry entry) =>
        Lines.Add($"{pack} {(entry.Name.Kind == BlobKind.Tree ? "tree" : "data")} {entry.Name.Id} {entry.Offset} {entry.Length} {entry.PlainLength}");

    public void EndPack() => Lines.Add("end");

    public void Superseded(ObjectId index) => Lines.Add($"supersedes {index}");
}
