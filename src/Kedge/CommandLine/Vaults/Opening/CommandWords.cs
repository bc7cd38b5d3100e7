using System.Text;

namespace Kedge.CommandLine.Vaults.Opening;

/// <summary>Cuts a command into its words, which blanks separate; quotes and backslashes keep blanks together.</summary>
internal static class CommandWords
{
    /// <returns>Null where a quote is not closed.</returns>
    public static List<string>? Split(string command)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var isWord = false;
        char? quote = null;
        for (var i = 0; i < command.Length; i++)
        {
            var character = command[i];
            if (quote is null && char.IsWhiteSpace(character))
            {
                if (isWord)
                {
                    words.Add(word.ToString());
                    word.Clear();
                }

                isWord = false;
                continue;
            }

            isWord = true;
            if (character == quote)
            {
                quote = null;
            }
            else if (quote is null && character is ('\'' or '"'))
            {
                quote = character;
            }
            else
            {
                word.Append(character == '\\' && quote is not '\'' && i + 1 < command.Length ? command[++i] : character);
            }
        }

        if (isWord)
        {
            words.Add(word.ToString());
        }

        return quote is null ? words : null;
    }
}
