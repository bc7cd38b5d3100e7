using System.Runtime.InteropServices;
using Kedge.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Demo;

if (args is [var verb, ..] && DemoVerbs.Knows(verb))
{
    return await DemoVerbs.RunAsync(args, TimeProvider.System);
}

var host = CommandHost.OfProcess();
using var ending = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await CommandEntry.RunAsync(args, host, ending.Token);

void Stop(PosixSignalContext signal)
{
    // A second one ends the process at once, whatever it is at.
    signal.Cancel = !ending.IsCancellationRequested;
    if (!signal.Cancel && host.Redraws)
    {
        LiveRegion.ShowCursor(host.Output);
    }

    // Not in this thread: what continues from here may take its time, and a second signal would wait for it.
    _ = ending.CancelAsync();
}
