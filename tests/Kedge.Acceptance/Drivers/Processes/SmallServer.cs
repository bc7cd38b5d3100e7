using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text;

namespace Kedge.Acceptance.Drivers.Processes;

/// <summary>
/// This test program, started once more to play a service: with the variable <c>KEDGE_TEST_SERVES</c> (address:port) it
/// answers HTTP requests there instead of running any test. It prints when it is ready.
/// </summary>
internal static class SmallServer
{
    public const string Serves = "KEDGE_TEST_SERVES";

    /// <summary>Status that it answers with; 200 unless set.</summary>
    public const string Status = "KEDGE_TEST_STATUS";

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Kedge.Acceptance");

    /// <summary>What the runtime needs beyond a clean environment, where .NET is not installed in its usual place.</summary>
    public static Dictionary<string, string> Environment(int port)
    {
        var environment = new Dictionary<string, string> { [Serves] = $"127.0.0.1:{port}" };
        if (System.Environment.GetEnvironmentVariable("DOTNET_ROOT") is { } root)
        {
            environment["DOTNET_ROOT"] = root;
        }

        return environment;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

#pragma warning disable CA2255 // A program started to play a part must do so before the test runner takes over.
    [ModuleInitializer]
    internal static void PlayThePart()
#pragma warning restore CA2255
    {
        if (System.Environment.GetEnvironmentVariable(Serves) is not { } place)
        {
            return;
        }

        var status = System.Environment.GetEnvironmentVariable(Status) ?? "200";
        var listener = new TcpListener(IPEndPoint.Parse(place));
        listener.Start();
        Console.WriteLine("serving");
        // Blocking, on one thread: until this returns, other threads cannot run this assembly's code.
        var answer = Encoding.ASCII.GetBytes($"HTTP/1.1 {status} Said\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        var request = new byte[4096];
        while (true)
        {
            using var client = listener.AcceptSocket();
            try
            {
                if (client.Receive(request) > 0)
                {
                    client.Send(answer);
                }
            }
            catch (SocketException)
            {
                // Whoever asked has gone.
            }
        }
    }
}
