namespace Kedge.Journal.Events;

/// <summary>
/// One process that acts, named so that another on the same machine can tell whether it still lives, and kill it.
/// The process's start time guards against a process identifier that was given out again.
/// </summary>
/// <param name="Name">What people call the node.</param>
/// <param name="Machine">
/// Identity of the machine's current boot (<c>/proc/sys/kernel/random/boot_id</c>), a slash, and the space in which its
/// process identifiers count (<c>/proc/self/ns/pid</c>): each container counts its own.
/// </param>
/// <param name="Process">Process identifier on that machine.</param>
/// <param name="Started">The process's start, in clock ticks since boot (field 22 of <c>/proc/PID/stat</c>, proc(5)).</param>
public sealed record NodeIdentity(string Name, string Machine, int Process, long Started)
{
    public override string ToString() => $"{Name} (process {Process})";
}
