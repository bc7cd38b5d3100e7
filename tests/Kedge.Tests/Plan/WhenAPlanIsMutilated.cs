using System.Text;
using Kedge.Plan;
using Xunit;

namespace Kedge.Tests.Plan;

/// <summary>Whatever is done to a plan's text, reading it ends, and ends with a plan or with what is wrong.</summary>
public class WhenAPlanIsMutilated
{
    private const int MutationsPerSeed = 400;

    private static readonly string[] Tokens =
    [
        "{", "}", "[", "]", ":", ": ", "- ", "\n", "\t", "#", "&a ", "*a", "<<", "|", ">", "'", "\"", "!", "%", "@", "`", "?", "---\n", "...\n", "~",
        "null", "true", "0", "-1", "99999999999999999999", "1e9", ".nan", "5s", "64MB", "99.9%", "env:", "file:/x", "across-sites", "proceed", "east", "\0",
        "\u0085", "\u2028", "\ufeff", "\ud800", "é", "𝄞", "plan", "services", "options", "at", "driver", "\\", "\\x", "\r", "  ",
    ];

    private static readonly string[] Plans =
    [
        SoundPlan.Text,
        PlanText.Write(SoundPlan.Read(SoundPlan.Text).Plan!),
        .. PlanTemplates.All.Select(t => t.Text),
        .. Directory.GetFiles(Path.Combine(Repository.Root, "examples"), "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllText),
    ];

    private static readonly SchemaJudge Schema = new(PlanSchema.Write(KnownContracts.All));

    /// <summary>More of them with <c>KEDGE_FUZZ_SEEDS</c>.</summary>
    public static TheoryData<int> Seeds =>
        [.. Enumerable.Range(1, Environment.GetEnvironmentVariable("KEDGE_FUZZ_SEEDS") is { } seeds ? int.Parse(seeds) : 8)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nothing_is_thrown_and_nothing_hangs(int seed)
    {
        var reader = new PlanReader(KnownContracts.All);
        var dice = new Random(seed);
        for (var i = 0; i < MutationsPerSeed; i++)
        {
            var text = Mutilated(Plans[dice.Next(Plans.Length)], dice);
            try
            {
                Judge(reader, text);
            }
            catch (Exception e)
            {
                Assert.Fail($"seed {seed}, mutation {i}: {e}\n{text}");
            }
        }
    }

    private static void Judge(PlanReader reader, string text)
    {
        var reading = reader.Read([new("kedge.yaml", text)]);
        Assert.All(reading.Problems, p => Assert.DoesNotContain('\n', p.ToString()));
        if (reading.Plan is null)
        {
            Assert.Contains(reading.Problems, p => p.IsError);
            return;
        }

        var canonical = PlanText.Write(reading.Plan);
        var again = reader.Read([new("canonical", canonical)]);
        Assert.Equal(Structure.Of(reading.Plan), Structure.Of(again.Plan));
        Assert.True(Schema.Accepts(text), "the reader accepts it, the schema does not");
        Assert.True(Schema.Accepts(canonical), "the schema refuses the canonical text");
    }

    private static string Mutilated(string text, Random dice)
    {
        for (var rounds = dice.Next(1, 5); rounds > 0; rounds--)
        {
            text = dice.Next(8) switch
            {
                0 => Bytes(text, dice),
                1 => Lines(text, dice, (lines, at) => lines.RemoveAt(at)),
                2 => Lines(text, dice, (lines, at) => lines.Insert(dice.Next(lines.Count), lines[at])),
                3 => Lines(text, dice, (lines, at) =>
                {
                    var other = dice.Next(lines.Count);
                    (lines[at], lines[other]) = (lines[other], lines[at]);
                }),
                4 => Lines(text, dice, (lines, at) => lines[at] = (dice.Next(2) == 0 ? " " : "") + lines[at].TrimStart(' ')),
                5 => text.Insert(dice.Next(text.Length + 1), Tokens[dice.Next(Tokens.Length)]),
                6 => text[..dice.Next(text.Length + 1)],
                _ => Word(text, dice),
            };
        }

        return text;
    }

    private static string Bytes(string text, Random dice)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length > 0)
        {
            bytes[dice.Next(bytes.Length)] ^= (byte)(1 << dice.Next(8));
        }

        return Encoding.UTF8.GetString(bytes);
    }

    private static string Lines(string text, Random dice, Action<List<string>, int> change)
    {
        var lines = text.Split('\n').ToList();
        change(lines, dice.Next(lines.Count));
        return string.Join('\n', lines);
    }

    /// <summary>A word for another, or for a token.</summary>
    private static string Word(string text, Random dice)
    {
        var words = text.Split([' ', '\n', ',', '{', '}', '[', ']'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            return text;
        }

        var word = words[dice.Next(words.Length)];
        var at = text.IndexOf(word, dice.Next(text.Length), StringComparison.Ordinal);
        return at < 0 ? text : text.Remove(at, word.Length).Insert(at, dice.Next(2) == 0 ? words[dice.Next(words.Length)] : Tokens[dice.Next(Tokens.Length)]);
    }
}
