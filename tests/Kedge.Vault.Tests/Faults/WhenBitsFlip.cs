using Kedge.Vault.Check;
using Xunit;

namespace Kedge.Vault.Tests.Faults;

/// <summary>
/// In each object of a small vault single bits flip. Whatever is read then is right or refused as damaged, never wrong; a
/// check that reads all names the object.
/// </summary>
public sealed class WhenBitsFlip(ITestOutputHelper output)
{
    private static readonly int Seed = FaultScene.SeedOr(8_086);
    private const int FlipsAnObject = 6;

    private static CancellationToken Ends => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_read_is_right_or_refused_and_check_names_the_object()
    {
        output.WriteLine($"seed {Seed}");
        using var scene = await FaultScene.MakeAsync(Seed);
        var folder = await scene.CopyAsync();
        var random = new Random(Seed);
        var right = await Honesty.ContentsAsync(folder);
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToList();
        Assert.True(files.Select(f => Path.GetRelativePath(folder, f).Split('/')[0]).Distinct().Count() >= 5, "not every kind of object is there");
        foreach (var file in files)
        {
            var sound = await File.ReadAllBytesAsync(file, Ends);
            var mode = File.GetUnixFileMode(file);
            File.SetUnixFileMode(file, mode | UnixFileMode.UserWrite);
            for (var flip = 0; flip < FlipsAnObject; flip++)
            {
                var bit = random.Next(8 * sound.Length);
                var flipped = sound.ToArray();
                flipped[bit / 8] ^= (byte)(1 << (bit % 8));
                await File.WriteAllBytesAsync(file, flipped, Ends);
                await DemandHonestAsync(folder, Path.GetRelativePath(folder, file), right, $"bit {bit} of {Path.GetRelativePath(folder, file)} (seed {Seed})");
            }

            await File.WriteAllBytesAsync(file, sound, Ends);
            File.SetUnixFileMode(file, mode);
        }

        output.WriteLine($"{files.Count} objects, {files.Count * FlipsAnObject} bits");
    }

    private static async Task DemandHonestAsync(string folder, string file, Dictionary<string, string> right, string what)
    {
        var name = Path.GetFileName(file);
        VaultRepository vault;
        try
        {
            vault = await FaultScene.OpenAsync(folder);
        }
        catch (VaultException refusal) when (refusal.Fault is VaultFault.Damaged)
        {
            Assert.True(file is "config" || file.StartsWith("keys/", StringComparison.Ordinal), $"{what}: {refusal.Message}");
            Assert.Contains(file is "config" ? "config" : name[..8], refusal.Message);
            return;
        }

        await using (vault)
        {
            var check = await VaultCheck.RunAsync(vault, new() { ReadData = DataShare.All, WithHeaders = true, Self = FaultScene.Self }, Ends);
            Assert.True(
                check.Findings.Any(f => f.Object is { } about && $"{about.Id}" == name && f.Kind != FindingKind.PackOrphaned && f.Kind != FindingKind.PackMarked) || IsUnlisted(check, name),
                $"{what}: check does not name it: {string.Join("; ", check.Findings.Select(f => f.What))}");
        }

        await Honesty.DemandAsync(folder, right, what);
    }

    /// <summary>A pack that nothing refers to is not read: nothing in it can be relied on.</summary>
    private static bool IsUnlisted(CheckOutcome check, string name) =>
        check.Findings.Any(f => f.Kind == FindingKind.PackOrphaned && f.Object is { } about && $"{about.Id}" == name);
}
