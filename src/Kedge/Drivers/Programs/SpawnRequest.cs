using System.Runtime.InteropServices;
using System.Text;

namespace Kedge.Drivers.Programs;

/// <summary>What posix_spawn(3) is to do, once everything has been looked up.</summary>
internal sealed record SpawnRequest
{
    /// <summary>The first is an absolute path.</summary>
    internal required IReadOnlyList<string> Arguments { get; init; }

    internal required IReadOnlyDictionary<string, string> Environment { get; init; }

    /// <summary>Null: where this process is.</summary>
    internal required string? Folder { get; init; }

    /// <summary>
    /// Starts the program as leader of a session of its own, all signals at their defaults, none blocked, and no files
    /// but the three standard ones. Returns 0 or the error's number.
    /// </summary>
    /// <param name="input">Becomes standard input; -1 for /dev/null.</param>
    /// <param name="output">Becomes standard output and error.</param>
    internal unsafe int Spawn(int input, int output, out int pid)
    {
        using var memory = new NativeTexts();
        var actions = stackalloc byte[NativeCalls.OpaqueSize];
        var attributes = stackalloc byte[NativeCalls.OpaqueSize];
        var signals = stackalloc byte[NativeCalls.OpaqueSize];
        Check(NativeCalls.ActionsInit(actions));
        Check(NativeCalls.AttributesInit(attributes));
        try
        {
            Check(input < 0
                ? NativeCalls.ActionsOpen(actions, 0, memory.Text("/dev/null"), 0, 0)
                : NativeCalls.ActionsDuplicate(actions, input, 0));
            Check(NativeCalls.ActionsDuplicate(actions, output, 1));
            Check(NativeCalls.ActionsDuplicate(actions, output, 2));
            Check(NativeCalls.ActionsCloseFrom(actions, 3));
            if (Folder is not null)
            {
                Check(NativeCalls.ActionsChangeFolder(actions, memory.Text(Folder)));
            }

            Check(NativeCalls.AttributesFlags(attributes,
                NativeCalls.SpawnSession | NativeCalls.SpawnSignalDefaults | NativeCalls.SpawnSignalMask));
            Check(NativeCalls.FillSignals(signals));
            Check(NativeCalls.AttributesSignalDefaults(attributes, signals));
            Check(NativeCalls.EmptySignals(signals));
            Check(NativeCalls.AttributesSignalMask(attributes, signals));

            int started;
            var error = NativeCalls.Spawn(&started, memory.Text(Arguments[0]), actions, attributes,
                memory.Vector(Arguments), memory.Vector(Environment.Select(e => $"{e.Key}={e.Value}")));
            pid = error == 0 ? started : 0;
            return error;
        }
        finally
        {
            _ = NativeCalls.ActionsDestroy(actions);
            _ = NativeCalls.AttributesDestroy(attributes);
        }
    }

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"posix_spawn(3) refused its own arguments: {NativeTexts.Error(error)}");
        }
    }
}

/// <summary>Texts as C wants them, freed together.</summary>
internal sealed unsafe class NativeTexts : IDisposable
{
    private readonly List<nint> owned = [];

    /// <summary>What an error's number means, in the system's words.</summary>
    internal static string Error(int number) => Marshal.GetPInvokeErrorMessage(number);

    internal byte* Text(string text)
    {
        var bytes = Encoding.UTF8.GetByteCount(text);
        var memory = (byte*)NativeMemory.Alloc((nuint)bytes + 1);
        owned.Add((nint)memory);
        Encoding.UTF8.GetBytes(text, new Span<byte>(memory, bytes));
        memory[bytes] = 0;
        return memory;
    }

    internal byte** Vector(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        var memory = (byte**)NativeMemory.Alloc((nuint)(all.Count + 1), (nuint)sizeof(byte*));
        owned.Add((nint)memory);
        for (var i = 0; i < all.Count; i++)
        {
            memory[i] = Text(all[i]);
        }

        memory[all.Count] = null;
        return memory;
    }

    public void Dispose()
    {
        foreach (var memory in owned)
        {
            NativeMemory.Free((void*)memory);
        }
    }
}
