using System.Text.Json;

namespace Kedge.Demo.Client;

/// <summary>
/// The client's own record of each order, one line of JSON each, in the order in which the outcomes were known. All
/// figures that the demo shows about orders are folds over it.
/// </summary>
internal sealed class OrderLedger : IDisposable
{
    private readonly FileStream file;
    private readonly Lock writing = new();

    public OrderLedger(string path) =>
        file = new(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);

    public void Append(OrderOutcome outcome)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(outcome, LedgerJson.Default.OrderOutcome), (byte)'\n'];
        lock (writing)
        {
            file.Write(line);
        }
    }

    public void Dispose() => file.Dispose();

    /// <summary>Reads what is new since the last call; a line that is still being written waits for the next.</summary>
    internal sealed class Reader(string path)
    {
        private long position;

        /// <summary>Empty where the ledger is not there yet.</summary>
        public IReadOnlyList<OrderOutcome> ReadNew()
        {
            if (!File.Exists(path))
            {
                return [];
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            file.Position = position;
            var bytes = new byte[file.Length - position];
            file.ReadExactly(bytes);
            var outcomes = new List<OrderOutcome>();
            var rest = bytes.AsSpan();
            while (rest.IndexOf((byte)'\n') is >= 0 and var end)
            {
                outcomes.Add(JsonSerializer.Deserialize(rest[..end], LedgerJson.Default.OrderOutcome)!);
                rest = rest[(end + 1)..];
                position += end + 1;
            }

            return outcomes;
        }
    }
}
