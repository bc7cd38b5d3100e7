using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Kedge.Vault.Format;

/// <summary>The SHA-256 (FIPS 180-4) by which everything in a vault is named: 32 bytes, written as 64 lower-case hexadecimal digits.</summary>
public readonly struct ObjectId : IEquatable<ObjectId>, IComparable<ObjectId>
{
    public const int Size = 32;
    public const int HexLength = 2 * Size;

    private readonly Digest digest;

    /// <param name="bytes">Exactly <see cref="Size"/> bytes.</param>
    /// <exception cref="ArgumentException">Another number of bytes.</exception>
    public ObjectId(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            throw new ArgumentException($"An id has {Size} bytes, not {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(digest);
    }

    public static ObjectId Of(ReadOnlySpan<byte> content)
    {
        Span<byte> digest = stackalloc byte[Size];
        SHA256.HashData(content, digest);
        return new(digest);
    }

    public static bool TryParse(ReadOnlySpan<char> hex, out ObjectId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (hex.Length != HexLength || hex.ContainsAnyInRange('A', 'F')
            || Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        id = new(bytes);
        return true;
    }

    /// <summary>From ASCII hexadecimal digits, as they stand in JSON.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hex, out ObjectId id)
    {
        id = default;
        Span<byte> bytes = stackalloc byte[Size];
        if (hex.Length != HexLength || hex.ContainsAnyInRange((byte)'A', (byte)'F')
            || Convert.FromHexString(hex, bytes, out _, out _) != OperationStatus.Done)
        {
            return false;
        }

        id = new(bytes);
        return true;
    }

    [UnscopedRef]
    public ReadOnlySpan<byte> Bytes => digest;

    /// <summary>Its first eight digits: how people refer to it.</summary>
    public string Short => Convert.ToHexStringLower(Bytes[..4]);

    /// <summary>Eight bytes of it, which are as good as random.</summary>
    public ulong Prefix => Unsafe.ReadUnaligned<ulong>(ref MemoryMarshal.GetReference(Bytes));

    public bool Equals(ObjectId other) => Bytes.SequenceEqual(other.Bytes);

    public override bool Equals(object? obj) => obj is ObjectId other && Equals(other);

    public override int GetHashCode() => (int)Prefix;

    public int CompareTo(ObjectId other) => Bytes.SequenceCompareTo(other.Bytes);

    public override string ToString() => Convert.ToHexStringLower(Bytes);

    public static bool operator ==(ObjectId left, ObjectId right) => left.Equals(right);

    public static bool operator !=(ObjectId left, ObjectId right) => !left.Equals(right);

    public static bool operator <(ObjectId left, ObjectId right) => left.CompareTo(right) < 0;

    public static bool operator <=(ObjectId left, ObjectId right) => left.CompareTo(right) <= 0;

    public static bool operator >(ObjectId left, ObjectId right) => left.CompareTo(right) > 0;

    public static bool operator >=(ObjectId left, ObjectId right) => left.CompareTo(right) >= 0;

    [InlineArray(Size)]
    private struct Digest
    {
        private byte first;
    }
}
