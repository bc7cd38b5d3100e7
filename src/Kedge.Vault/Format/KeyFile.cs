using System.Security.Cryptography;
using Kedge.Vault.Crypto;

namespace Kedge.Vault.Format;

/// <summary>Who made a key, and when: for people who look at the list of them.</summary>
public readonly record struct KeyOwner(GoTime Created, string Username, string Hostname);

/// <summary>
/// A vault's master key, sealed with a password: the content of a file in <c>keys</c>, which itself is plain JSON (restic,
/// doc/design.rst "Keys, Encryption and MAC").
/// </summary>
public sealed class KeyFile
{
    private const string What = "a key";
    private const int SaltSize = 64;
    private readonly string function;
    private readonly byte[] salt;
    private readonly byte[] sealedKey;

    private KeyFile(KeyOwner owner, string function, ScryptCost cost, byte[] salt, byte[] sealedKey)
    {
        (Owner, Cost) = (owner, cost);
        (this.function, this.salt, this.sealedKey) = (function, salt, sealedKey);
    }

    public KeyOwner Owner { get; }

    public ScryptCost Cost { get; }

    /// <summary>Takes the time that scrypt's cost asks for.</summary>
    public static KeyFile Create(ReadOnlySpan<char> password, MasterKey key, KeyOwner owner, ScryptCost cost)
    {
        ArgumentNullException.ThrowIfNull(key);
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        Span<byte> plain = stackalloc byte[MasterKeyText.Length];
        try
        {
            MasterKeyText.Write(key, plain);
            using var passwordKey = Scrypt.Derive(password, salt, cost);
            using var sealing = new Sealing(passwordKey);
            var sealedKey = new byte[plain.Length + Sealing.Overhead];
            sealing.Seal(plain, sealedKey);
            return new(owner, "scrypt", cost, salt, sealedKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/>.</exception>
    public static KeyFile Parse(ReadOnlySpan<byte> json)
    {
        var fields = new JsonFields(json, What);
        var created = GoTime.None;
        (string Username, string Hostname, string Function) texts = ("", "", "");
        (ulong N, ulong R, ulong P) cost = default;
        (byte[] Salt, byte[] Data) bytes = ([], []);
        if (fields.TryEnter())
        {
            while (fields.Next())
            {
                if (fields.Is("created"u8))
                {
                    created = fields.Time(GoTime.None);
                }
                else if (fields.Is("username"u8))
                {
                    texts.Username = fields.Text("");
                }
                else if (fields.Is("hostname"u8))
                {
                    texts.Hostname = fields.Text("");
                }
                else if (fields.Is("kdf"u8))
                {
                    texts.Function = fields.Text("");
                }
                else if (fields.Is("N"u8))
                {
                    cost.N = fields.Number(int.MaxValue);
                }
                else if (fields.Is("r"u8))
                {
                    cost.R = fields.Number(int.MaxValue);
                }
                else if (fields.Is("p"u8))
                {
                    cost.P = fields.Number(int.MaxValue);
                }
                else if (fields.Is("salt"u8))
                {
                    bytes.Salt = fields.Base64();
                }
                else if (fields.Is("data"u8))
                {
                    bytes.Data = fields.Base64();
                }
                else
                {
                    fields.Raw();
                }
            }
        }

        fields.End();
        return new(new(created, texts.Username, texts.Hostname), texts.Function, new((long)cost.N, (int)cost.R, (int)cost.P), bytes.Salt, bytes.Data);
    }

    /// <summary>Takes the time that scrypt's cost asks for.</summary>
    /// <returns>Null where the password is another one. The caller disposes of the key.</returns>
    /// <exception cref="VaultException"><see cref="VaultFault.Damaged"/> where no password could open this.</exception>
    public MasterKey? TryOpen(ReadOnlySpan<char> password)
    {
        if (function != "scrypt")
        {
            throw VaultException.Damaged($"{What} that is not made with scrypt");
        }

        if (sealedKey.Length < Sealing.Overhead)
        {
            throw VaultException.Damaged($"{What} that is cut off");
        }

        using var passwordKey = Scrypt.Derive(password, salt, Cost);
        using var sealing = new Sealing(passwordKey);
        var plain = GC.AllocateUninitializedArray<byte>(sealedKey.Length - Sealing.Overhead, pinned: true);
        try
        {
            return sealing.TryOpen(sealedKey, plain) ? MasterKeyText.Parse(plain) : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public byte[] Write()
    {
        using var buffer = new JsonBuffer(1024);
        buffer.Append("{\"created\":"u8);
        buffer.AppendTime(Owner.Created);
        buffer.Append(",\"username\":"u8);
        buffer.AppendText(Owner.Username);
        buffer.Append(",\"hostname\":"u8);
        buffer.AppendText(Owner.Hostname);
        buffer.Append(",\"kdf\":"u8);
        buffer.AppendText(function);
        buffer.Append(",\"N\":"u8);
        buffer.AppendNumber((ulong)Cost.N);
        buffer.Append(",\"r\":"u8);
        buffer.AppendNumber((ulong)Cost.R);
        buffer.Append(",\"p\":"u8);
        buffer.AppendNumber((ulong)Cost.P);
        buffer.Append(",\"salt\":"u8);
        buffer.AppendBase64(salt);
        buffer.Append(",\"data\":"u8);
        buffer.AppendBase64(sealedKey);
        buffer.Append('}');
        return buffer.ToArray();
    }
}
