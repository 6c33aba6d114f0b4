// SPDX-License-Identifier: Apache-2.0
#include "cli/exit_code.hpp"
#include "commands/commands.hpp"
#include "text/printable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <iostream>

namespace offlineimap::core {
namespace {

/// A sub-command stands first; everything else is the original's command line.
int act(std::span<const char* const> arguments)
{
    if (arguments.empty()) return run_plainly(arguments);
    const std::string_view first = arguments.front();
    if (first == "help") return print_help(arguments.subspan(1));
    if (const auto* command = find_command(sub_commands(), first))
        return run_command(*command, arguments.subspan(1));
    return run_plainly(arguments);
}

int fail(const std::exception& error, ExitCode code, std::string_view what = {})
{
    std::cerr << "offlineimap: " << what << printable(error.what()) << '\n';
    return static_cast<int>(code);
}

/// What is opened later must not be taken for a standard stream that whoever started us has closed:
/// an interface would write into it.
void open_closed_streams()
{
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(stream, F_GETFD) < 0)  // the lowest one that is free
            static_cast<void>(::open("/dev/null", O_RDWR));
}

}  // namespace
}  // namespace offlineimap::core

int main(int count, char** arguments)
{
    using namespace offlineimap::core;
    open_closed_streams();
    try {
        return act({arguments + 1, arguments + count});
    } catch (const UsageError& error) {
        return fail(error, ExitCode::usage);
    } catch (const offlineimap::Error& error) {
        return fail(error, exit_code(error));
    } catch (const std::exception& error) {
        return fail(error, ExitCode::incomplete, "internal error: ");
    }
}
