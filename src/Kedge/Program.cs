using System.Runtime.InteropServices;
using Kedge.CommandLine;
using Kedge.CommandLine.Terminals;
using Kedge.Demo;

if (args is [var verb, ..] && DemoVerbs.Knows(verb))
{
    return await DemoVerbs.RunAsync(args, TimeProvider.System);
}

using var ending = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
return await CommandEntry.RunAsync(args, CommandHost.OfProcess(), ending.Token);

void Stop(PosixSignalContext signal)
{
    // A second one ends the process at once, whatever it is at.
    signal.Cancel = !ending.IsCancellationRequested;
    ending.Cancel();
}
