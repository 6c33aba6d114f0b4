// SPDX-License-Identifier: Apache-2.0
#include "check.hpp"
#include "library_suite.hpp"
#include "loaded_plugin.hpp"
#include "repository_suite.hpp"
#include "status_suite.hpp"
#include "test_host.hpp"
#include "ui_suite.hpp"

#include <cstdio>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// offlineimap-plugin-check: does a plugin keep the promises of the SDK?

namespace {

using namespace offlineimap;
using namespace offlineimap::testkit;

constexpr const char* usage =
    "usage: offlineimap-plugin-check LIBRARY [--type TYPE] [--set NAME=VALUE]...\n"
    "           [--secret NAME=VALUE]... [--only CHECK] [--destructive]\n"
    "Runs the checks for what LIBRARY provides. Without --destructive nothing is written; with "
    "it,\n"
    "folders named plugin-check-... are made and removed where the settings say.\n"
    "A value @FILE is read from the file's first line.\n";

struct Call {
    std::filesystem::path library;
    std::string type, only;
    TestSettings::Values settings;
    Harm most_harm = Harm::none;
};

std::string first_line(const std::string& path)
{
    std::string line;
    if (std::FILE* const file = std::fopen(path.c_str(), "re")) {
        for (int c = std::fgetc(file); c != EOF && c != '\n'; c = std::fgetc(file))
            line.push_back(static_cast<char>(c));
        std::fclose(file);
    }
    return line;
}

bool take_setting(Call& call, std::string_view text)
{
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return false;
    std::string value(text.substr(equals + 1));
    if (value.starts_with('@')) value = first_line(value.substr(1));
    call.settings.insert_or_assign(std::string(text.substr(0, equals)), std::move(value));
    return true;
}

std::optional<Call> parse(std::span<char*> arguments)
{
    Call call;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view word = arguments[i];
        if (word == "--destructive") {
            call.most_harm = Harm::writes;
            continue;
        }
        if (!word.starts_with("--")) {
            if (!call.library.empty()) return std::nullopt;
            call.library = word;
            continue;
        }
        if (++i == arguments.size()) return std::nullopt;
        const std::string_view value = arguments[i];
        if (word == "--type")
            call.type = value;
        else if (word == "--only")
            call.only = value;
        else if ((word != "--set" && word != "--secret") || !take_setting(call, value))
            return std::nullopt;
    }
    if (call.library.empty()) return std::nullopt;
    return call;
}

class Tally {
public:
    explicit Tally(std::string only) : only_(std::move(only)) { }

    template <class Run> void check(const char* name, Run run)
    {
        if (!only_.empty() && only_ != name) return;
        std::printf("%s ... ", name);
        std::fflush(stdout);
        try {
            run();
            std::puts("kept");
        } catch (const std::exception& error) {
            ++broken_;
            std::printf("BROKEN\n    %s\n", error.what());
        }
    }
    int broken() const noexcept { return broken_; }

private:
    std::string only_;
    int broken_ = 0;
};

/// Hosts live as long as the bench: the repositories made of them are gone before.
class Bench final : public RepositoryBench, public StatusBench, public UiBench {
public:
    Bench(const Component& component, TestSettings::Values settings)
        : component_(component), host_(component, directory_.path(), std::move(settings))
    {
    }
    std::unique_ptr<Repository> repository() override { return component_.make.repository(host_); }
    std::unique_ptr<StatusStore> store() override { return component_.make.status(host_); }
    std::unique_ptr<Ui> ui() override { return component_.make.ui(host_); }

private:
    const Component& component_;
    TemporaryDirectory directory_;
    TestHost host_;
};

void check_behaviour(const Call& call, const Component& component, Tally& tally)
{
    if (component.kind == Kind::repository)
        for (const RepositoryCheck& check : repository_checks())
            if (check.harm <= call.most_harm)
                tally.check(check.name, [&] {
                    Bench bench(component, call.settings);
                    check.run(bench);
                });
    if (component.kind == Kind::status)
        for (const StatusCheck& check : status_checks())
            tally.check(check.name, [&] {
                Bench bench(component, call.settings);
                check.run(bench);
            });
    if (component.kind == Kind::ui)
        for (const UiCheck& check : ui_checks())
            tally.check(check.name, [&] {
                Bench bench(component, call.settings);
                check.run(bench);
            });
}

const Component& wanted(const Plugin& plugin, const std::string& type)
{
    for (const Component& component : std::span(plugin.components, plugin.component_count))
        if (type.empty() || type == component.type) return component;
    throw Broken(std::string(plugin.name) + " must provide the type \"" + type + '"');
}

}  // namespace

int main(int count, char** arguments)
{
    const auto call = parse(std::span(arguments, static_cast<std::size_t>(count)).subspan(1));
    if (!call) {
        std::fputs(usage, stderr);
        return 2;
    }
    Tally tally(call->only);
    tally.check("the_library_is_a_plugin", [&] { check_library(call->library); });
    try {
        check_behaviour(*call, wanted(load_plugin(call->library), call->type), tally);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "offlineimap-plugin-check: %s\n", error.what());
        return 1;
    }
    return tally.broken() == 0 ? 0 : 1;
}
