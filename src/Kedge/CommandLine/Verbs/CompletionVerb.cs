using System.CommandLine;
using Kedge.CommandLine.Terminals;

namespace Kedge.CommandLine.Verbs;

/// <summary><c>kedge completion SHELL</c>: a script that makes the shell ask Kedge what could come next.</summary>
internal static class CompletionVerb
{
    public static Verb Build(CommandHost host, GlobalOptions globals)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var verb = new Verb("completion", "Print a completion script for a shell.")
        {
            Group = "Learn",
            Examples =
            [
                new("kedge completion bash > /etc/bash_completion.d/kedge", "For everybody on this machine."),
                new("source <(kedge completion zsh)", "For this shell, now."),
                new("kedge completion fish > ~/.config/fish/completions/kedge.fish", "For yourself."),
            ],
        };
        verb.Arguments.Add(shell);
        return verb.Does(host, globals, (call, _) =>
        {
            call.Terminal.Write(call.Get(shell) switch { "zsh" => Zsh, "fish" => Fish, _ => Bash });
            return Task.FromResult(ExitCodes.Fine);
        });
    }

    private const string Bash = """
        # Completion of kedge for bash.
        _kedge() {
            local IFS=$'\n' word=${COMP_WORDS[COMP_CWORD]}
            COMPREPLY=($(compgen -W "$(kedge "[suggest:$COMP_POINT]" "$COMP_LINE" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _kedge kedge

        """;

    private const string Zsh = """
        #compdef kedge
        # Completion of kedge for zsh.
        _kedge() {
            local -a words_found
            words_found=("${(@f)$(kedge "[suggest:$CURSOR]" "$BUFFER" 2>/dev/null)}")
            compadd -a words_found
        }
        compdef _kedge kedge

        """;

    private const string Fish = """
        # Completion of kedge for fish.
        function __kedge_complete
            set -l line (commandline -cp)
            kedge "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
        end
        complete -c kedge -f -a '(__kedge_complete)'

        """;
}
