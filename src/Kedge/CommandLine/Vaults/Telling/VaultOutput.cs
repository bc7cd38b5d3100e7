using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>
/// Where a verb of a vault says what goes on: lines for people, or with <c>--json</c> a message a line for programs. Any
/// thread may use it; what is shown of the progress moves out of the way.
/// </summary>
internal sealed class VaultOutput(CommandHost host, Terminal terminal, int verbosity) : IDisposable
{
    private const int BufferLimit = 16 << 10;

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock gate = new();
    private readonly StringBuilder waiting = new();
    private readonly ArrayBufferWriter<byte> bytes = new();
    private Utf8JsonWriter? writer;
    private ProgressDisplay? display;

    public bool Json => terminal.Json;

    public int Width => terminal.Width;

    public CommandHost Host => host;

    public bool IsQuiet => verbosity < 0;

    /// <summary>Whether people asked to be told more.</summary>
    public bool IsVerbose => verbosity >= 1;

    /// <summary>Whether they want to hear of each file.</summary>
    public bool TellsEach => verbosity >= 2;

    /// <summary>A message for programs, at once; nothing without <c>--json</c>.</summary>
    /// <param name="type">Of restic's, where it has one that fits.</param>
    public void Message(string type, Action<Utf8JsonWriter> fields) => Document(json =>
    {
        json.WriteStartObject();
        json.WriteString("message_type"u8, type);
        fields(json);
        json.WriteEndObject();
    });

    /// <summary>A line of JSON for programs; nothing without <c>--json</c>.</summary>
    /// <param name="isOneOfMany">Whether others follow soon, with which it may be written.</param>
    public void Document(Action<Utf8JsonWriter> write, bool isOneOfMany = false)
    {
        if (!Json)
        {
            return;
        }

        lock (gate)
        {
            bytes.ResetWrittenCount();
            writer ??= new(bytes, Relaxed);
            writer.Reset(bytes);
            write(writer);
            writer.Flush();
            waiting.Append(Encoding.UTF8.GetString(bytes.WrittenSpan)).Append('\n');
            FlushUnless(isOneOfMany);
        }
    }

    /// <summary>A line of the result for people; nothing with <c>--json</c>.</summary>
    public void Line(Styled line, bool isOneOfMany = false)
    {
        if (Json)
        {
            return;
        }

        lock (gate)
        {
            waiting.Append(terminal.Encode(line)).Append('\n');
            FlushUnless(isOneOfMany);
        }
    }

    /// <summary>A result for people; nothing with <c>--json</c>.</summary>
    public void Show(Page page)
    {
        foreach (var line in page.Lines)
        {
            Line(line, isOneOfMany: true);
        }

        lock (gate)
        {
            FlushUnless(isOneOfMany: false);
        }
    }

    /// <summary>What became of it, for people; nothing where they want it quiet.</summary>
    public void Conclude(Page page)
    {
        if (!IsQuiet)
        {
            Show(page);
        }
    }

    /// <summary>A word along the way, for people; nothing where they want it quiet.</summary>
    public void Remark(Styled line)
    {
        if (!IsQuiet)
        {
            Say(line);
        }
    }

    /// <summary>Something that a person must hear of, and a program too: restic's message <c>error</c>.</summary>
    /// <param name="item">Which file or object; null where it is about the whole.</param>
    /// <param name="during">What was being done.</param>
    public void Problem(string? item, string what, string during)
    {
        Say(Styled.Warning(item is null ? "" : $"{item}: ") + what);
        Message("error", json =>
        {
            json.WriteStartObject("error"u8);
            json.WriteString("message"u8, what);
            json.WriteEndObject();
            json.WriteString("during"u8, during);
            json.WriteString("item"u8, item ?? "");
        });
    }

    /// <summary>Shows how far something is until that is disposed: in place on a terminal, as messages of type <c>status</c> with <c>--json</c>.</summary>
    public ProgressDisplay Follow(IProgressView view)
    {
        display = ProgressDisplay.Begin(this, view, IsQuiet ? null : terminal.Live(), gate);
        return display;
    }

    public void Dispose()
    {
        display?.Dispose();
        lock (gate)
        {
            FlushUnless(isOneOfMany: false);
            writer?.Dispose();
        }
    }

    private void Say(Styled line)
    {
        lock (gate)
        {
            display?.Clear();
            terminal.Say(line);
            display?.Draw();
        }
    }

    private void FlushUnless(bool isOneOfMany)
    {
        if (waiting.Length > (isOneOfMany ? BufferLimit : 0))
        {
            display?.Clear();
            host.Output.Write(waiting.ToString());
            host.Output.Flush();
            waiting.Clear();
            display?.Draw();
        }
    }
}
