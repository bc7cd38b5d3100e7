using Kedge.Demo.World;

namespace Kedge.Demo.Play;

/// <summary>How the demo is to be played.</summary>
/// <param name="Program">Path of the program itself, whose other verbs are the demo's parts.</param>
/// <param name="Auto">Kedge's question is answered by the demo.</param>
/// <param name="Synchronous">A commit waits for the standby: nothing that was acknowledged can be lost.</param>
/// <param name="Keep">Everything goes on running afterwards.</param>
internal sealed record DemoOptions(string Program, Disaster Disaster, bool Auto, bool Synchronous, bool Keep)
{
    /// <summary>Orders a second that the client places.</summary>
    public const int Rate = 50;
}
