using System.Globalization;
using System.Text.RegularExpressions;
using Kedge.Plan.Contracts;
using Kedge.Plan.Language;

namespace Kedge.Plan.Reading;

/// <summary>Single values: from text to what they mean, or to what is wrong with them.</summary>
internal static partial class ValueText
{
    public static Outcome Read(PlanShape shape, string text, bool plain, bool emptyAllowed) => shape switch
    {
        TextShape when text.Length == 0 && !emptyAllowed => Wrong(ProblemCode.NoValue, "The text is empty.", "Write a text, or leave the key out."),
        TextShape => new(text),
        NameShape name => Name(name, text),
        FlagShape => text switch
        {
            "true" when plain => new(true),
            "false" when plain => new(false),
            _ => Wrong(ProblemCode.WrongType, $"Expected true or false; found {Quote.Text(text)}.", "Write true or false, without quotation marks."),
        },
        IntegerShape integer => Integer(integer, text, plain),
        DurationShape duration => Duration(duration, text),
        ByteSizeShape size => Size(size, text),
        ShareShape => Share(text),
        ChoiceShape choice => Choice(choice, text),
        SecretShape => Secret(text),
        _ => throw new ArgumentOutOfRangeException(nameof(shape), shape, "not a single value"),
    };

    private static Outcome Name(NameShape shape, string text) =>
        text.Length <= NameShape.MaxLength && NamePattern().IsMatch(text)
            ? new(text)
            : Wrong(
                ProblemCode.BadName, $"{Quote.Text(text)} is no name of a {shape.Of}.",
                $"Use lower-case letters and digits, with single hyphens between them, at most {NameShape.MaxLength} characters.");

    private static Outcome Integer(IntegerShape shape, string text, bool plain)
    {
        if (!IntegerPattern().IsMatch(text) || !plain)
        {
            return Wrong(
                ProblemCode.WrongType, $"Expected a whole number; found {(plain ? "" : "the text ")}{Quote.Text(text)}.",
                "Write digits only, without quotation marks, a unit or leading zeros.");
        }

        return long.TryParse(text, CultureInfo.InvariantCulture, out var number) && !(number < shape.Min) && !(number > shape.Max)
            ? new(number)
            : Wrong(ProblemCode.OutOfRange, $"{Quote.Text(text)} is out of range.", $"Write a {shape.Word}.");
    }

    private static Outcome Duration(DurationShape shape, string text)
    {
        if (!Durations.TryParse(text, out var duration))
        {
            return IntegerPattern().IsMatch(text) && text[0] != '-'
                ? Wrong(ProblemCode.WrongType, $"The duration {Quote.Text(text)} has no unit.", $"Write {text}s for seconds, {text}m for minutes; the units are ms, s, m, h, d.")
                : Wrong(ProblemCode.WrongType, $"Expected {shape.Noun}; found {Quote.Text(text)}.", "Write numbers and units without spaces, at most a hundred years.");
        }

        if (duration.Ticks % TimeSpan.TicksPerMillisecond != 0)
        {
            return Wrong(ProblemCode.WrongType, $"The duration {Quote.Text(text)} is finer than a millisecond.", "Round it to milliseconds.");
        }

        return duration < shape.Min
            ? Wrong(ProblemCode.OutOfRange, $"The duration {Quote.Text(text)} is too short.", $"Write at least {Durations.Show(shape.Min)}.")
            : new(duration);
    }

    private static Outcome Size(ByteSizeShape shape, string text)
    {
        if (!ByteCount.TryParse(text, out var count))
        {
            return IntegerPattern().IsMatch(text) && text[0] != '-'
                ? Wrong(ProblemCode.WrongType, $"The size {Quote.Text(text)} has no unit.", $"Write {text}MB for mebibytes; the units are B, kB, MB, GB, TB (powers of 1024).")
                : Wrong(ProblemCode.WrongType, $"Expected {shape.Noun}; found {Quote.Text(text)}.", "Write a whole number and a unit without a space: B, kB, MB, GB or TB (powers of 1024).");
        }

        return count.Bytes < shape.Min || count.Bytes > shape.Max
            ? Wrong(
                ProblemCode.OutOfRange, $"The size {Quote.Text(text)} is out of range.",
                $"Write {(shape.Min is { } min ? $"at least {new ByteCount(min)}" : "")}{(shape is { Min: not null, Max: not null } ? " and " : "")}{(shape.Max is { } max ? $"at most {new ByteCount(max)}" : "")}.")
            : new(count);
    }

    private static Outcome Share(string text)
    {
        if (!SharePattern().IsMatch(text))
        {
            return Wrong(
                ProblemCode.WrongType, $"Expected a percentage, such as 99.9%; found {Quote.Text(text)}.", "Write a number with at most six decimals and a percent sign.");
        }

        var percent = decimal.Parse(text.AsSpan(0, text.Length - 1), CultureInfo.InvariantCulture);
        return percent is > 0 and <= 100
            ? new((double)(percent / 100))
            : Wrong(ProblemCode.OutOfRange, $"{Quote.Text(text)} is out of range.", "Write more than 0% and at most 100%.");
    }

    private static Outcome Choice(ChoiceShape shape, string text) =>
        shape.Words.Contains(text)
            ? new(text)
            : Wrong(
                ProblemCode.NotAChoice, $"{Quote.Text(text)} is none of {string.Join(", ", shape.Words)}.",
                Nearest.Of(text, shape.Words) is { } near ? $"Write {near}." : $"Write {Listing.Or(shape.Words)}.");

    // Whatever stands here may be the secret itself: it must not be printed.
    private static Outcome Secret(string text) =>
        SecretReference.TryParse(text, out var reference)
            ? new(reference!)
            : Wrong(
                ProblemCode.SecretInPlan, "A reference to a secret belongs here, never the secret itself (what was found is not shown).",
                "Write env:NAME or file:PATH, and if this was the secret, change it.");

    private static Outcome Wrong(ProblemCode code, string what, string fix) => new(null, code, what, fix);

    [GeneratedRegex(@"^[a-z0-9]+(-[a-z0-9]+)*\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"^-?(0|[1-9][0-9]*)\z")]
    private static partial Regex IntegerPattern();

    [GeneratedRegex(@"^[0-9]{1,3}(\.[0-9]{1,6})?%\z")]
    private static partial Regex SharePattern();

    /// <param name="Value">Null where something is wrong.</param>
    internal readonly record struct Outcome(object? Value, ProblemCode? Code = null, string What = "", string Fix = "");
}
