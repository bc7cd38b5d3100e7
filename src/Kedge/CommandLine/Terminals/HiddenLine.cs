namespace Kedge.CommandLine.Terminals;

/// <summary>A line that a person types at the terminal, and nobody sees: a password.</summary>
internal static class HiddenLine
{
    private const int Longest = 4096;

    /// <summary>The question goes to standard error, so that it does not get into a result. Null where there is no terminal.</summary>
    public static char[]? Ask(string question, CancellationToken cancellation)
    {
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            return null;
        }

        Console.Error.Write(question + " ");
        var reading = Task.Run(Read, CancellationToken.None);
        try
        {
            reading.Wait(cancellation);
        }
        finally
        {
            Console.Error.WriteLine();
        }

        return reading.Result;
    }

    private static char[] Read()
    {
        var typed = new char[Longest];
        var length = 0;
        try
        {
            while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter && length < Longest)
            {
                if (key.Key == ConsoleKey.Backspace)
                {
                    length = Math.Max(0, length - 1);
                }
                else if (key.KeyChar != '\0')
                {
                    typed[length++] = key.KeyChar;
                }
            }

            return typed.AsSpan(0, length).ToArray();
        }
        finally
        {
            Array.Clear(typed);
        }
    }
}
