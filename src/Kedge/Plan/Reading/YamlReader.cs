using Kedge.Plan.Language;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Kedge.Plan.Reading;

/// <summary>
/// Reads one file's YAML. Where the syntax breaks, the broken block is reported, blanked out and the rest read again, so
/// that one slip of the keyboard does not hide what is wrong elsewhere.
/// </summary>
internal static class YamlReader
{
    /// <summary>Syntax errors after which the rest of a file is left unread.</summary>
    private const int MaxSyntaxErrors = 10;

    public static YamlFile Read(string file, string text, ProblemList problems)
    {
        var blanks = new BlankedText(text);
        while (true)
        {
            var found = new ProblemList();
            var tree = new YamlTree(file, blanks.Blanked, found);
            var broken = Parse(file, blanks.Text, tree, found, out var whole);
            if (broken is null)
            {
                foreach (var (problem, _) in found.All)
                {
                    problems.Add(problem);
                }

                return new(tree.Root, whole && tree.Whole && blanks.Blanked.Count == 0);
            }

            var (place, what, fix) = Explain(broken.Value, blanks, file);
            problems.Add(ProblemCode.Syntax, place, KeyPath.Root, what, fix);
            var from = Math.Min(tree.OpenFlowLine ?? place.Line, place.Line);
            if (blanks.Blanked.Count + 1 >= MaxSyntaxErrors || !blanks.BlankBlock(from))
            {
                return new(null, Whole: false);
            }
        }
    }

    private static Break? Parse(string file, string text, YamlTree tree, ProblemList problems, out bool whole)
    {
        whole = true;
        var documents = 0;
        var parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
        while (true)
        {
            try
            {
                if (!parser.MoveNext())
                {
                    return null;
                }
            }
            catch (YamlException e)
            {
                return new(e.Message, new(file, (int)e.Start.Line, (int)e.Start.Column), new(file, (int)e.End.Line, (int)e.End.Column));
            }
            catch (Exception e) when (e is InvalidOperationException or ArgumentException or IndexOutOfRangeException or NullReferenceException or FormatException or OverflowException)
            {
                // The parser gives up on some broken files in this way; where, it does not say.
                var last = parser.Current?.End ?? default;
                var place = tree.OpenPlace ?? new Place(file, Math.Max(1, (int)last.Line), Math.Max(1, (int)last.Column));
                return new(null, place, new(file, Math.Max(place.Line, (int)last.Line), Math.Max(1, (int)last.Column)));
            }

            var next = parser.Current!;
            if (next is DocumentStart && ++documents > 1)
            {
                whole = false;
                problems.Add(
                    ProblemCode.SeveralDocuments, new(file, (int)next.Start.Line, (int)next.Start.Column), KeyPath.Root,
                    "A second YAML document begins here; a plan is one.", "Remove the line `---`, or put the second part into a file of its own in the plan's folder.");
                return null;
            }

            if (!tree.Accept(next))
            {
                return null;
            }
        }
    }

    private static (Place Place, string What, string Fix) Explain(Break broken, BlankedText text, string file)
    {
        if (broken.Message?.Contains(" tab ", StringComparison.Ordinal) is true && text.TabInIndent(broken.Start.Line) is { } tab)
        {
            return (new(file, tab.Line, tab.Column), "A tab indents this line; YAML allows spaces only.", "Replace the tab by spaces.");
        }

        if (broken.Message is null)
        {
            return (broken.Start, "What begins here is not closed, or breaks off.", "Close the bracket, brace or quotation mark.");
        }

        var message = broken.Message.TrimEnd('.');
        return (broken.Start, $"This is not valid YAML: {char.ToLowerInvariant(message[0])}{message[1..]}.",
            message.Contains("mapping", StringComparison.Ordinal) || message.Contains("':'", StringComparison.Ordinal)
                ? "Check the indentation and the colons here; a text that holds ': ' needs quotation marks."
                : "Check brackets, quotation marks and indentation here and in the line above.");
    }

    /// <param name="Message">Null where the parser did not say.</param>
    private readonly record struct Break(string? Message, Place Start, Place End);
}

/// <param name="Root">Null where nothing could be read, or there was nothing.</param>
/// <param name="Whole">False where a part was left out: what seems to be missing may be there.</param>
internal sealed record YamlFile(PlanNode? Root, bool Whole);
