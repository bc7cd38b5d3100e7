using Kedge.Plan.Contracts;

namespace Kedge.Drivers.Manual;

/// <summary>The keys that the driver takes in the plan.</summary>
internal static class ManualOptions
{
    public const string Instruction = "instruction";
    public const string Confirm = "confirm";

    /// <summary>One for each action; an action without its instruction is left out of recovery plans.</summary>
    public static IReadOnlyList<OptionSpec> Component { get; } =
    [
        Text(
            "fence",
            "What a person does to make sure that the instance at a lost site cannot go on, and how they see that it cannot.",
            "Have the carrier cut line 4711; they call back when it is cut."),
        Text("stop", "What a person does to stop the instance at the site that the service leaves, in a planned move.", null),
        Text("promote", "What a person does to make the instance at the new site the one that is written to.", null),
        Text("start", "What a person does to start the instance at the new site.", "Turn the key switch of the press to AUTO."),
        Text("switch", "What a person does to send customers to the new site.", "Ask the carrier to route 0800 100 200 to the west site."),
    ];

    public static IReadOnlyList<OptionSpec> Custom { get; } =
    [
        Text(Instruction, "What a person does, and how they see that it is done.", "Call the warehouse and tell them to pick from paper lists.") with { Required = true },
        Text(Confirm, "Words that the note of the confirmation must hold, so that it is not given by habit; any unless set.", "warehouse told"),
    ];

    private static OptionSpec Text(string name, string help, string? example) =>
        new() { Name = name, Type = OptionType.Text, Help = help, Example = example };
}
