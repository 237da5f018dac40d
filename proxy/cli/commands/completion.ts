import { type Command, Option } from 'commander';
import { examples } from './shared-options.ts';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'] as const;

/** @param createPlain makes the program again, without the commands of completion itself */
export function addCompletionCommands(program: Command, createPlain: () => Command): void {
  const completion = program
    .command('completion')
    .description('print a script that completes commands and options with the Tab key')
    .addArgument(program.createArgument('<shell>', 'your shell').choices(SHELLS))
    .action(async (shell: string) => {
      const { default: tab } = await import('@bomb.sh/tab');
      tab.setup('tollgate', 'tollgate', shell);
    });
  examples(completion, [
    ['source <(tollgate completion bash)', 'in ~/.bashrc'],
    ['source <(tollgate completion zsh)', 'in ~/.zshrc'],
    ['tollgate completion fish | source', 'in ~/.config/fish/config.fish'],
    ['tollgate completion powershell | Out-String | Invoke-Expression', 'in $PROFILE'],
  ]);
  // What the script asks at each press of the key.
  program
    .command('complete', { hidden: true })
    .argument('[words...]')
    .addOption(new Option('--json').hideHelp())
    .allowUnknownOption()
    .action(async (words: string[]) => {
      const { default: tab } = await import('@bomb.sh/tab/commander');
      tab(createPlain(), { completionCommandName: 'completion' }).parse(words);
    });
}
