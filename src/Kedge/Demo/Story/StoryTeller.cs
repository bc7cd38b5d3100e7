using Spectre.Console;
using Spectre.Console.Rendering;

namespace Kedge.Demo.Story;

/// <summary>Tells the story on a terminal, where parts of it move, or into a log, where nothing does.</summary>
internal sealed class StoryTeller(IAnsiConsole console, TimeProvider time)
{
    private static readonly TimeSpan Frame = TimeSpan.FromMilliseconds(100);

    /// <summary>Width of a log, and of a terminal that does not tell its own.</summary>
    private const int LogWidth = 80;

    private readonly long began = time.GetTimestamp();

    /// <summary>True where an empty line was printed last.</summary>
    private bool apart;

    /// <summary>True where the output is a terminal that can redraw.</summary>
    public bool Moves => console.Profile.Capabilities.Interactive && console.Profile.Capabilities.Ansi;

    public TimeSpan Clock => time.GetElapsedTime(began);

    /// <summary>For this process's own output: colours and movement only where that is a terminal.</summary>
    public static StoryTeller For(StoryOutput output, TimeProvider time)
    {
        var isError = output is StoryOutput.Error;
        var terminal = !(isError ? Console.IsErrorRedirected : Console.IsOutputRedirected) && Environment.GetEnvironmentVariable("TERM") is not (null or "dumb");
        return new(ForText(isError ? Console.Error : Console.Out, terminal, IsUtf8), time);
    }

    /// <summary>A console on any writer.</summary>
    public static IAnsiConsole ForText(TextWriter output, bool terminal, bool unicode)
    {
        var console = AnsiConsole.Create(new()
        {
            Out = new AnsiConsoleOutput(output),
            Ansi = terminal ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = terminal && Environment.GetEnvironmentVariable("NO_COLOR") is null or "" ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = terminal ? InteractionSupport.Yes : InteractionSupport.No,
        });
        console.Profile.Capabilities.Unicode = unicode;
        if (!terminal)
        {
            console.Profile.Width = LogWidth;
        }

        return console;
    }

    public void Chapter(string title)
    {
        Gap();
        Show(OpeningPages.Chapter(title, Clock));
        apart = true;
    }

    public void Say(string text, Tone tone = Tone.Plain) => Show(OpeningPages.Sentence(text, tone));

    public void Show(IRenderable page)
    {
        console.Write(page);
        apart = false;
    }

    /// <summary>One empty line, however often it is asked for.</summary>
    public void Gap()
    {
        if (!apart)
        {
            Show(OpeningPages.Gap);
            apart = true;
        }
    }

    /// <summary>
    /// Follows something until it is over. On a terminal its picture is redrawn, and the last one stays; in a log each
    /// line of <paramref name="news"/> is printed once it is there, and the picture at the end. An empty line ends it.
    /// </summary>
    /// <param name="news">All lines so far, in order; only ever grows.</param>
    public async Task FollowAsync(
        Func<IRenderable> picture, Func<IReadOnlyList<string>> news, Task until, CancellationToken cancellation)
    {
        if (Moves)
        {
            // Spectre moves one line up too far when all that it redraws is a single line: hence the empty one.
            IRenderable Whole() => new Rows(picture(), OpeningPages.Gap);
            await console.Live(Whole()).AutoClear(false).Overflow(VerticalOverflow.Crop)
                .StartAsync(live => EachFrameAsync(() => live.UpdateTarget(Whole()), until, cancellation));
            apart = true;
        }
        else
        {
            var told = 0;
            await EachFrameAsync(
                () =>
                {
                    foreach (var line in news().Skip(told))
                    {
                        Say(line);
                        told++;
                    }
                },
                until, cancellation);
            Gap();
            Show(picture());
            Gap();
        }

        await until;
    }

    /// <summary>Asks a question that is answered with yes or no; a log cannot be asked.</summary>
    public Task<bool> AskAsync(string question, CancellationToken cancellation) =>
        new ConfirmationPrompt($"  {Markup.Escape(question)}").ShowAsync(console, cancellation);

    private async Task EachFrameAsync(Action draw, Task until, CancellationToken cancellation)
    {
        while (!until.IsCompleted)
        {
            draw();
            await Task.WhenAny(until, Task.Delay(Frame, time, cancellation));
            cancellation.ThrowIfCancellationRequested();
        }

        draw();
    }

    private static bool IsUtf8 => ((string[])["LC_ALL", "LC_CTYPE", "LANG"])
        .Select(Environment.GetEnvironmentVariable)
        .FirstOrDefault(v => v is { Length: > 0 })?
        .Replace("-", "", StringComparison.Ordinal).EndsWith("UTF8", StringComparison.OrdinalIgnoreCase) ?? false;
}
