using Kedge.CommandLine.Rendering.Text;
using Xunit;

namespace Kedge.Tests.CommandLine.Rendering;

public class TextOnATerminal
{
    [Fact]
    public void Is_broken_at_spaces_and_a_word_that_is_too_long_is_cut() =>
        Assert.Equal(["a bb", "cccccc", "ccdd"], Styled.Of("a bb ccccccccdd").Wrapped(6).Select(l => l.ToString()));

    [Fact]
    public void Keeps_its_tones_when_it_is_broken()
    {
        var lines = (Styled.Bad("red red") + " plain").Wrapped(7);
        Assert.Equal([Tone.Bad, Tone.Bad, Tone.Bad], lines[0].Pieces.Select(p => p.Tone));
        Assert.Equal(Tone.Plain, Assert.Single(lines[1].Pieces).Tone);
    }

    [Theory]
    [InlineData("\e[31mred\e[0m\e]0;title\a", "[31mred")]
    [InlineData("two\nlines", "two lines")]
    [InlineData("safe\u202Egpj.exe", "safe gpj.exe")]
    public void Never_lets_a_program_move_the_cursor_or_turn_the_reading_direction(string hostile, string readable)
    {
        var text = Styled.Of(hostile).ToString();
        Assert.DoesNotContain(text, c => char.IsControl(c) || c == '\u202E');
        Assert.Contains(readable, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_as_many_columns_as_a_terminal_draws()
    {
        Assert.Equal(4, Styled.Of("東京").Width);
        Assert.Equal(1, Styled.Of("e\u0301").Width);
        Assert.Equal(["東", "京"], Styled.Of("東京").Wrapped(3).Select(l => l.ToString()));
    }

    [Fact]
    public void Gives_way_in_the_widest_column_first()
    {
        var table = new Table([new("One", Flexible: true, Narrowest: 5), new("Two", Flexible: true, Narrowest: 5), new("N", Right: true)])
            .Add(["short", "a text that needs much more room than there is", "1"], ["a detail below it"]);
        Assert.Equal(
            ["One    Two                          N", "short  a text that needs much more  1", "       room than there is", "  a detail below it"],
            table.Lines(37).Select(l => l.ToString().TrimEnd()));
    }

    [Fact]
    public void Leaves_out_a_column_that_has_nothing_to_say() =>
        Assert.Equal(["A", "1"], new Table([new("A"), new("B", HideIfEmpty: true)]).Add(["1", ""]).Lines(79).Select(l => l.ToString()));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(0.0004, "1 ms")]
    [InlineData(0.034, "34 ms")]
    [InlineData(0.2, "0.20 s")]
    [InlineData(2.314, "2.31 s")]
    [InlineData(9.996, "10.0 s")]
    [InlineData(23.44, "23.4 s")]
    [InlineData(185, "3m 05s")]
    [InlineData(7800, "2h 10m")]
    [InlineData(273600, "3d 04h")]
    [InlineData(-1.5, "-1.50 s")]
    public void Shows_times_to_three_digits(double seconds, string shown) => Assert.Equal(shown, Figures.Time(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Draws_numbers_together() => Assert.Equal("1–3, 5, 6, 9", Figures.Ranges([5, 1, 2, 3, 9, 6]));

    [Theory]
    [InlineData(0, "0 bytes")]
    [InlineData(1023, "1023 bytes")]
    [InlineData(12_345, "12.1 KiB")]
    [InlineData(16_777_216, "16 MiB")]
    public void Shows_bytes_as_PostgreSQL_counts_them(long bytes, string shown) => Assert.Equal(shown, Figures.Bytes(bytes));
}
