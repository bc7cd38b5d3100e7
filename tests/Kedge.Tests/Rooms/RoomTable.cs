namespace Kedge.Tests.Rooms;

/// <summary>
/// Which room may use which. A feature that needs another direction changes this table, with the reason beside it; it
/// never goes round it. <c>X.contract</c> is the folder X itself without its subfolders.
/// </summary>
internal static class RoomTable
{
    public static IReadOnlyDictionary<string, string[]> Directions { get; } = new Dictionary<string, string[]>
    {
        ["Plan"] = [],
        ["Store"] = [],
        ["Journal"] = ["Plan", "Store.contract"],
        ["Drivers"] = ["Plan"],

        // A store that fails must not stop the markers: Protect knows its exception.
        ["Protect"] = ["Plan", "Journal", "Drivers.contract", "Store.contract"],
        ["Watch"] = ["Plan", "Journal", "Drivers.contract"],
        ["Decide"] = ["Plan", "Journal"],
        ["Recover"] = ["Plan", "Journal", "Store.contract", "Drivers.contract", "Protect"],
        ["Nodes"] = ["Plan", "Store", "Journal", "Drivers", "Protect", "Watch", "Decide", "Recover"],
        ["CommandLine"] = ["Nodes", "Plan", "Journal", "Drivers.contract", "Protect", "Watch", "Decide", "Recover", "Demo"],

        // A client of the control plane as the command line is. It starts its world's processes as drivers do, and sets its
        // database up with the very privileges that the driver asks for.
        ["Demo"] =
        [
            "Nodes", "CommandLine", "Plan", "Journal", "Decide", "Recover",
            "Drivers.contract", "Drivers.Programs", "Drivers.PostgreSql",
        ],

        // Program.cs only parses and dispatches.
        [""] = ["CommandLine", "Demo"],
    };

    /// <summary>Outside packages by namespace, and the only places that may use them.</summary>
    public static IReadOnlyDictionary<string, string[]> Packages { get; } = new Dictionary<string, string[]>
    {
        ["Npgsql"] = ["Drivers.PostgreSql", "Demo"],
        ["Microsoft.AspNetCore"] = ["Demo"],
        ["YamlDotNet"] = ["Plan"],
        ["System.CommandLine"] = ["CommandLine"],
        ["Spectre.Console"] = ["CommandLine", "Demo"],

        // The engine of vaults is a library of its own, so that it can be used and measured without Kedge. The verbs of
        // `kedge vault` are its one user here; whatever S3 needs stays within it.
        ["Kedge.Vault"] = ["CommandLine.Vaults"],
        ["Amazon"] = [],
    };

    /// <summary>Folders of Drivers that serve every driver; all others must not know each other.</summary>
    public static IReadOnlyList<string> SharedByDrivers { get; } = ["Programs", "Secrets"];

    /// <summary>Endings that say nothing about what a type is for.</summary>
    public static IReadOnlyList<string> EmptyEndings { get; } =
        ["Manager", "Helper", "Helpers", "Util", "Utils", "Utility", "Common", "Base", "Processor", "Handler", "Info"];
}
