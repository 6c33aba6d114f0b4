// SPDX-License-Identifier: Apache-2.0
#include "config.hpp"

#include "core/cli/exit_code.hpp"
#include "core/config/general.hpp"
#include "core/config/read.hpp"
#include "core/config/to_yaml.hpp"
#include "core/config/values.hpp"
#include "core/host/cancel.hpp"
#include "core/host/plugin_path.hpp"
#include "core/run/config_check.hpp"
#include "core/run/lazy_script.hpp"
#include "core/text/printable.hpp"
#include "core/text/strings.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>
#include <optional>

namespace offlineimap::core {

namespace {

constexpr CommandLineOption output {
    "output", 'o', "FILE", "convert: write to this new file, not to the standard output"};
constexpr CommandLineOption options[] {option::help, option::config, option::overrides, output};

constexpr auto details =
    "check    names everything that is wrong with the configuration, with file and line; exit\n"
    "         code 3 where something must be mended, 0 where it can be used.\n"
    "convert  writes the YAML of an rc file. The usual Python of folderfilter and nametrans\n"
    "         becomes rules; what does not stays Python, and is named on the error stream.\n";

/// The configuration with what is needed to look into it. No interface, no server.
struct Workbench {
    explicit Workbench(const CommandLine& line)
        : config(read_config(
            line.config_file ? std::filesystem::path(*line.config_file) : find_config_file(),
            line.overrides))
        , loader(plugin_search_path(plugin_path(config)))
        , script(config, loader, bus, cancel)
    {
    }

    /// The general section may have mistakes that are to be told with the others.
    static std::vector<std::filesystem::path> plugin_path(const Config& config)
    {
        std::vector<std::filesystem::path> path;
        const auto* value = config.general.find("plugin-path");
        if (value == nullptr) return path;
        for (const auto& folder : value->list ? *value->list : split_list(value->text))
            path.emplace_back(expand_path(folder));
        return path;
    }

    Config config;
    PluginLoader loader;
    EventBus bus;
    CancelSource cancel;
    LazyScript script;
};

/// A file that cannot be read as a whole has its problems, one a line, in the error's text.
ConfigProblems unreadable(const Error& error)
{
    ConfigProblems problems;
    const std::string text = error.what();
    for (const auto line : split(text, '\n'))
        problems.add_error(std::string(line));
    return problems;
}

ConfigProblems problems_of(const CommandLine& line)
{
    std::optional<Workbench> bench;
    try {
        bench.emplace(line);
    } catch (const Error& error) {
        return unreadable(error);
    }
    return check_config(bench->config, bench->loader, bench->script);
}

int check(const CommandLine& line)
{
    const auto problems = problems_of(line);
    for (const auto& error : problems.errors)
        std::cout << "error: " << printable(error) << '\n';
    for (const auto& warning : problems.warnings)
        std::cout << "warning: " << printable(warning) << '\n';
    if (problems.errors.empty()) std::cout << "the configuration can be used\n";
    return static_cast<int>(problems.errors.empty() ? ExitCode::success : ExitCode::configuration);
}

/// For the user alone, as it may hold passwords. An existing file is left alone.
void write_new_file(const std::string& file, std::string_view text)
{
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = descriptor >= 0;
    int problem = errno;
    while (good && !text.empty()) {
        const auto written = ::write(descriptor, text.data(), text.size());
        good = written > 0;
        problem = errno;
        if (good) text.remove_prefix(static_cast<std::size_t>(written));
    }
    if (descriptor >= 0 && ::close(descriptor) != 0 && good) good = false, problem = errno;
    if (!good) throw Error(Errc::io, concat("write ", file, ": ", std::strerror(problem)));
}

SyntaxTree syntax_trees(Script& script)
{
    auto* reader = static_cast<SyntaxReader*>(script.facet(SyntaxReader::facet_name));
    return
        [reader](const Section& section, const std::string& option) -> std::optional<std::string> {
            if (reader == nullptr) return std::nullopt;
            const auto* value = section.find(option);
            return reader->syntax_tree(value->text, place(section, option, value->where));
        };
}

int convert(const CommandArguments& arguments)
{
    Workbench bench(arguments.common);
    if (bench.config.syntax == Syntax::yaml)
        throw Error(Errc::config, concat(bench.config.path.string(), ": is YAML already"));
    if (bench.script.facet(SyntaxReader::facet_name) == nullptr)
        std::cerr << "offlineimap: the plugin script-python is not installed, so that Python "
                     "expressions stay as they are\n";
    const auto converted =
        to_yaml(bench.config, syntax_trees(bench.script), [&](const Section& repository) {
            return names_in_repository(repository, bench.loader);
        });
    for (const auto& remark : converted.remarks)
        std::cerr << printable(remark) << '\n';
    if (const auto file = arguments.value("output"))
        write_new_file(*file, converted.yaml);
    else
        std::cout << converted.yaml;
    return 0;
}

int run(const CommandArguments& arguments)
{
    const std::string verb = arguments.words.empty() ? "" : arguments.words.front();
    auto line = arguments;
    if (arguments.words.size() == 2 && !line.common.config_file)
        line.common.config_file = arguments.words[1];
    else if (arguments.words.size() > 1)
        throw UsageError("config: name one file");
    if (verb == "check") return check(line.common);
    if (verb == "convert") return convert(line);
    throw UsageError("config: say check or convert");
}

}  // namespace

SubCommand config_command() noexcept
{
    return {"config",
            "check|convert [options] [FILE]",
            "check or convert the configuration",
            details,
            options,
            run};
}

}  // namespace offlineimap::core
