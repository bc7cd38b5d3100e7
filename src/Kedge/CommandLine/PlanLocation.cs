namespace Kedge.CommandLine;

/// <summary>Where a command finds its plan and its state.</summary>
/// <param name="Plan">File or folder; null where there is none.</param>
/// <param name="State">Folder; need not exist yet.</param>
internal sealed record PlanLocation(string? Plan, string State)
{
    private const string FileName = "kedge.yaml";
    private const string FolderName = "kedge.d";
    private const string StateName = ".kedge";

    /// <summary>
    /// What is given wins; then the environment; then the nearest plan here or in a folder above, and the state beside
    /// it. Without a plan it is the nearest state.
    /// </summary>
    public static PlanLocation Find(string? plan, string? state, string folder, Func<string, string?> environment)
    {
        var given = plan ?? NotEmpty(environment("KEDGE_PLAN"));
        var found = given is not null ? Path.GetFullPath(given, folder) : Upwards(folder).Select(PlanIn).FirstOrDefault(p => p is not null);
        var givenState = state ?? NotEmpty(environment("KEDGE_STATE"));
        return new(found, givenState is not null ? Path.GetFullPath(givenState, folder) : StateFor(found, folder));
    }

    private static string StateFor(string? plan, string folder)
    {
        if (plan is not null)
        {
            return Path.Combine(Path.GetDirectoryName(plan) ?? folder, StateName);
        }

        var nearest = Upwards(folder).Select(f => Path.Combine(f, StateName)).FirstOrDefault(Directory.Exists);
        return nearest ?? Path.Combine(folder, StateName);
    }

    private static string? PlanIn(string folder) =>
        Path.Combine(folder, FileName) is var file && File.Exists(file) ? file
        : Path.Combine(folder, FolderName) is var many && Directory.Exists(many) ? many
        : null;

    private static IEnumerable<string> Upwards(string folder)
    {
        for (var at = folder; at is not null; at = Path.GetDirectoryName(at))
        {
            yield return at;
        }
    }

    private static string? NotEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
