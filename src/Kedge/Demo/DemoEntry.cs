using Kedge.Demo.Play;
using Kedge.Demo.Story;
using Kedge.Demo.World;
using Kedge.Nodes;

namespace Kedge.Demo;

/// <summary>The door of the demo for the command line.</summary>
public static class DemoEntry
{
    /// <summary>Words for <c>--disaster</c>.</summary>
    public static IReadOnlyList<string> Disasters { get; } = ["kill", "hang", "service"];

    /// <summary>
    /// Plays the demo, which takes about half a minute. Throws <see cref="DemoException"/> with what went
    /// wrong and what to do; leaves nothing behind unless <paramref name="keep"/> is set.
    /// </summary>
    /// <param name="output">Where the story is told; movement and colours only where that is a terminal.</param>
    public static DemoOutcome Play(
        string disaster, bool auto, bool synchronous, bool keep, StoryOutput output, CancellationToken cancellation)
    {
        var program = Environment.ProcessPath ?? throw new DemoException("the path of the program is not known", null);
        var kind = disaster switch { "hang" => Disaster.Hang, "service" => Disaster.Service, _ => Disaster.Kill };
        var time = TimeProvider.System;
        var play = new DemoPlay(new(program, kind, auto, synchronous, keep), StoryTeller.For(output, time), time);
        return NodeContext.Run(() => play.RunAsync(cancellation));
    }

    /// <summary>Takes away the demos of this user that were left running; how many.</summary>
    public static async Task<int> StopAllAsync(CancellationToken cancellation)
    {
        var worlds = WorldFolder.FindLeft();
        foreach (var folder in worlds)
        {
            await WorldFolder.RemoveAsync(folder, new HashSet<int>(), TimeProvider.System, cancellation);
        }

        return worlds.Count;
    }
}

/// <summary>Where a story is told.</summary>
public enum StoryOutput
{
    /// <summary>On standard output.</summary>
    Output,

    /// <summary>On standard error, which leaves standard output to a result that programs read.</summary>
    Error,
}
