using Kedge.Vault;
using VaultLibrary;

// Backs standard input up as one file and a folder as well, restores the folder, and writes the file to standard output.
//   export VAULT_PASSWORD=…
//   pg_dump orders | dotnet run --project examples/vault-library -- /mnt/backup/vault orders.sql /srv/shop /tmp/restored
if (args is not [var location, var name, var folder, var target])
{
    Console.Error.WriteLine("vault-library VAULT NAME FOLDER TARGET");
    return 2;
}

using var interrupted = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    interrupted.Cancel();
};

try
{
    var password = Environment.GetEnvironmentVariable("VAULT_PASSWORD").AsMemory();
    await using var vault = await Opening.OpenAsync(location, password, interrupted.Token);
    var stream = await BackingUp.StreamAsync(vault, Console.OpenStandardInput(), name, interrupted.Token);
    var files = await BackingUp.FolderAsync(vault, folder, interrupted.Token);
    Console.Error.WriteLine($"snapshots {stream.Short} and {files.Short}");

    Console.Error.WriteLine($"{await Restoring.FolderAsync(vault, folder, target, interrupted.Token)} bytes written");
    await Restoring.ToStreamAsync(vault, name, Console.OpenStandardOutput(), interrupted.Token);
    return 0;
}
catch (VaultException problem)
{
    Console.Error.WriteLine(problem.Hint is null ? problem.Message : $"{problem.Message}. {problem.Hint}");
    return 1;
}
