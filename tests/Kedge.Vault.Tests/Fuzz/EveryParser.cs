using System.Diagnostics;
using Xunit;

namespace Kedge.Vault.Tests.Fuzz;

/// <summary>
/// Whatever the bytes are, a parser ends in a result or in a refusal that says "damaged": no other exception, no endless
/// memory, no stack that overflows. <c>KEDGE_FUZZ_SECONDS=3600</c> goes on for so long with each, from a new seed, which it
/// prints; <c>KEDGE_FUZZ_SEED</c> repeats one.
/// </summary>
public sealed class EveryParser
{
    private const int Rounds = 2_500;

    /// <summary>Per byte of input, for lists of many small things; and for the exception and what the test itself makes.</summary>
    private const long BytesPerByte = 64;
    private const long BytesAtLeast = 1 << 18;

    public static TheoryData<string> Names => [.. Parsers.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Accepts_what_is_sound(string name)
    {
        foreach (var original in Parsers.All[name].Originals.Where(_ => name != "small file of another kind"))
        {
            Parsers.All[name].Read(original);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ends_in_a_result_or_a_refusal_whatever_the_bytes(string name)
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("KEDGE_FUZZ_SECONDS"), out var asked) ? asked : 0;
        var seed = int.TryParse(Environment.GetEnvironmentVariable("KEDGE_FUZZ_SEED"), out var given) ? given : seconds > 0 ? Environment.TickCount & 0xfffffff : 20_260;
        if (seconds > 0)
        {
            Console.WriteLine($"fuzzing {name} for {seconds} s, KEDGE_FUZZ_SEED={seed}");
        }

        var parser = Parsers.All[name];
        var (accepted, refused) = (0L, 0L);
        var watch = Stopwatch.StartNew();
        for (var round = 0L; round < Rounds || watch.Elapsed.TotalSeconds < seconds; round++)
        {
            var random = new Random(unchecked(seed + (int)round));
            var input = new Mutation(random).Of(parser.Originals[random.Next(parser.Originals.Count)], parser.Originals);
            if (Try(parser, input, $"{name}, KEDGE_FUZZ_SEED={seed}, round {round}"))
            {
                accepted++;
            }
            else
            {
                refused++;
            }
        }

        Assert.True(accepted > 0 && refused > 0, $"{accepted} accepted, {refused} refused: nothing was tried");
    }

    private static bool Try(Parser parser, byte[] input, string where)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var accepted = false;
        try
        {
            parser.Read(input);
            accepted = true;
        }
        catch (VaultException refusal)
        {
            Assert.True(refusal.Fault == VaultFault.Damaged, $"{where}: {refusal.Fault}, {refusal.Message}\n{Convert.ToBase64String(input)}");
            Assert.False(refusal.Message.AsSpan().ContainsAnyInRange('\0', '\u001f'), $"{where}: {refusal.Message}");
        }
        catch (Exception broken)
        {
            Assert.Fail($"{where}: {broken}\n{Convert.ToBase64String(input)}");
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(taken <= BytesAtLeast + parser.Spare + (BytesPerByte * input.Length), $"{where}: {taken} bytes of memory for {input.Length}\n{Convert.ToBase64String(input)}");
        return accepted;
    }
}
