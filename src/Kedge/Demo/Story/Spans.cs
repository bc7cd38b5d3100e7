using System.Globalization;

namespace Kedge.Demo.Story;

/// <summary>Times and numbers as the story tells them: as exact as somebody cares to know.</summary>
internal static class Spans
{
    public static string Show(TimeSpan span) => span switch
    {
        { Ticks: 0 } => "0 s",
        { Ticks: < 0 } => "-" + Show(-span),
        { TotalMilliseconds: < 999.5 } => $"{Math.Round(span.TotalMilliseconds)} ms",
        { TotalSeconds: < 9.995 } => $"{span.TotalSeconds:0.00} s",
        { TotalSeconds: < 59.95 } => $"{span.TotalSeconds:0.0} s",
        { TotalMinutes: < 60 } => $"{(int)span.TotalMinutes} min {span.Seconds:00} s",
        _ => $"{(int)span.TotalHours} h {span.Minutes:00} min",
    };

    /// <summary>An objective: a round time in words as short as they go.</summary>
    public static string ShowRound(TimeSpan span) => span switch
    {
        { Ticks: 0 } => Show(span),
        _ when span.Ticks % TimeSpan.TicksPerHour == 0 => $"{span.TotalHours} h",
        _ when span.Ticks % TimeSpan.TicksPerMinute == 0 => $"{span.TotalMinutes} min",
        _ when span.Ticks % TimeSpan.TicksPerSecond == 0 => $"{span.TotalSeconds} s",
        _ when span.TotalSeconds > 1 && span.Ticks % (TimeSpan.TicksPerSecond / 10) == 0 => $"{span.TotalSeconds:0.0} s",
        _ => Show(span),
    };

    public static string Show(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary><c>one order</c>, <c>2 orders</c>.</summary>
    public static string Count(long count, string noun) => $"{(count == 1 ? "one" : Show(count))} {noun}{(count == 1 ? "" : "s")}";
}
