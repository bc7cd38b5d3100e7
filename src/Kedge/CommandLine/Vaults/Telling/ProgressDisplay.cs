using Kedge.CommandLine.Rendering.Text;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Vaults.Telling;

/// <summary>Draws a view, or writes it as JSON, now and then until it is disposed; then nothing of it is left.</summary>
internal sealed class ProgressDisplay : IDisposable
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(1);

    private readonly VaultOutput output;
    private readonly IProgressView view;
    private readonly LiveRegion? live;
    private readonly Lock gate;
    private readonly long begun;
    private readonly ITimer? timer;
    private bool isOver;

    private ProgressDisplay(VaultOutput output, IProgressView view, LiveRegion? live, Lock gate)
    {
        (this.output, this.view, this.live, this.gate) = (output, view, live, gate);
        begun = output.Host.Time.GetTimestamp();
        var every = live is not null ? DrawEvery : WriteEvery;
        timer = live is not null || output is { Json: true, IsQuiet: false } ? output.Host.Time.CreateTimer(_ => Tick(), null, every, every) : null;
    }

    /// <param name="live">Null where nothing can be drawn in place.</param>
    /// <param name="gate">Held by whoever calls <see cref="Draw"/> and <see cref="Clear"/>.</param>
    public static ProgressDisplay Begin(VaultOutput output, IProgressView view, LiveRegion? live, Lock gate) => new(output, view, live, gate);

    /// <summary>Whether anybody sees it.</summary>
    public bool IsShown => timer is not null;

    private TimeSpan Elapsed => output.Host.Time.GetElapsedTime(begun);

    public void Draw()
    {
        if (live is not null && !isOver)
        {
            var page = new Page(output.Width);
            view.Draw(page, Elapsed);
            live.Draw(page);
        }
    }

    public void Clear()
    {
        if (!isOver)
        {
            live?.Clear();
        }
    }

    public void Dispose()
    {
        timer?.Dispose();
        lock (gate)
        {
            if (!isOver)
            {
                Clear();
                isOver = true;
                live?.Dispose();
            }
        }
    }

    private void Tick()
    {
        lock (gate)
        {
            if (live is not null)
            {
                Draw();
            }
            else if (!isOver)
            {
                output.Message("status", json => view.Write(json, Elapsed));
            }
        }
    }
}
