// SPDX-License-Identifier: Apache-2.0
#include "program_run.hpp"

#include "core/cli/exit_code.hpp"
#include "core/cli/help.hpp"
#include "core/cli/typed.hpp"
#include "core/config/read.hpp"
#include "core/host/log_file.hpp"
#include "core/host/plugin_path.hpp"
#include "core/host/signals.hpp"
#include "core/host/syslog.hpp"
#include "core/run/interfaces.hpp"
#include "core/run/lazy_script.hpp"
#include "core/run/problems.hpp"
#include "core/run/service_manager.hpp"
#include "core/run/stop_request.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>

namespace offlineimap::core {
namespace {

/// What signals and user interfaces may ask for.
class Steering final : public Control, public SignalListener {
public:
    explicit Steering(EventBus& bus) : bus_(bus) { }
    sync::StopSigns& signs() { return request_; }
    WakeUp& wake_up() { return wake_up_; }
    int signal() const { return signal_; }

    void sync_now(std::string_view account) override { wake_up_.sync_now(account); }
    void sync_now() override { wake_up_.sync_now(); }
    void stop_after_sync() override { wake_up_.leave(); }
    void stop() override { leave(); }
    void stop(int signal, unsigned times) override
    {
        signal_ = signal;
        bus_.log(
            Level::warning,
            times == 1 ? "Stopping after the current folder; once more stops at once"
                       : "Stopping at once");
        if (times == 1)
            leave();
        else
            request_.request_now();
    }
    void last_chance(int) noexcept override { bus_.close(); }

private:
    void leave()
    {
        wake_up_.leave();
        request_.request_soon();
        bus_.decline_questions();
    }

    EventBus& bus_;
    StopRequest request_;
    WakeUp wake_up_;
    std::atomic<int> signal_ = 0;
};

void make_metadata(const std::filesystem::path& directory)
{
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST)
        throw Error(
            Errc::config, "metadata directory " + directory.string() + ": " + std::strerror(errno));
}

void add_logs(const CommandLine& line, const InterfaceSupplies& supplies, EventBus& bus)
{
    if (line.log_file)
        bus.add(std::make_unique<LogFile>(
            *line.log_file, "OfflineIMAP " + std::string(version()) + " starting..."));
    // That interface writes the same lines to the same place.
    if (line.syslog && supplies.type != "syslog") bus.add(std::make_unique<Syslog>());
    if (auto manager = ServiceManager::from_environment()) bus.add(std::move(manager));
}

/// What ends a run, as it may be shown.
Error shown_error(const std::exception& error, const EventBus& bus)
{
    const auto text = bus.without_secrets(error.what());
    if (const auto* known = dynamic_cast<const Error*>(&error))
        return {known->code(), known->scope(), known->retry(), text};
    return {Errc::internal, "internal error: " + text};
}

/// Whether who reads the error stream has seen what the interface said: on a terminal both streams
/// are one.
bool is_said_to_errors(std::string_view interface)
{
    if (interface == "ttyui") return true;
    if (interface != "basic" && interface != "quiet") return false;
    struct stat output = {}, errors = {};
    return ::fstat(STDOUT_FILENO, &output) == 0 && ::fstat(STDERR_FILENO, &errors) == 0
        && output.st_dev == errors.st_dev && output.st_ino == errors.st_ino;
}

/// For logs, and for interfaces that the error stream does not show.
void post_failure(EventBus& bus, const Error& error)
{
    Event event;
    event.kind = EventKind::failure;
    event.level = Level::error;
    event.text = error.what();
    event.error = &error;
    bus.post(event);
}

ExitCode worst_failure(const EventBus& bus)
{
    auto worst = ExitCode::success;
    for (const auto& failure : bus.failures().failures)
        worst = worst_of(worst, exit_code(failure.error));
    return worst;
}

}  // namespace

int run_program(const CommandLine& line, const std::function<void(const Program&, WakeUp&)>& work)
{
    const auto file = line.config_file ? *line.config_file : find_config_file();
    const auto config = read_config(file, line.overrides);
    auto general = general_settings(config);
    make_metadata(general.metadata);
    const PluginLoader loader(plugin_search_path(general.plugin_path));

    InterfaceSupplies supplies;
    if (!line.debug.empty()) supplies.least_level = Level::debug;
    EventBus bus;
    Steering steering(bus);
    const StopSignals signals(steering);
    if (line.action == Action::info) general.interfaces = {"ttyui"};
    const auto choice = line.overrides.interface ? Choice::forced : Choice::configured;
    bus.add(make_interface(config, general, loader, bus, choice, supplies));
    add_logs(line, supplies, bus);
    bus.start(steering);
    bus.log(Level::info, "OfflineIMAP " + std::string(version()));
    for (const auto* warnings :
         {&line.warnings, &config.warnings, &std::as_const(general.warnings)})
        for (const auto& warning : *warnings)
            bus.log(Level::warning, warning);

    std::optional<Tracer> tracer;
    if (line.trace)
        tracer.emplace(
            *line.trace, [&bus](std::string_view text) { return bus.without_secrets(text); });
    LazyScript script(config, loader, bus, steering.signs().soon());
    const Program program {
        config,
        general,
        loader,
        bus,
        steering.signs(),
        {line.debug.begin(), line.debug.end()},
        tracer ? &*tracer : nullptr,
        &script,
        typed(line)};
    for (const auto& category : line.debug)
        bus.log(Level::debug, "Now debugging for " + category);
    if (line.debug_takes_one_thread) bus.log(Level::info, "Debug mode: Forcing to singlethreaded.");
    try {
        work(program, steering.wake_up());
    } catch (const std::exception& error) {
        const auto shown = shown_error(error, bus);
        post_failure(bus, shown);
        bus.close();
        if (is_said_to_errors(supplies.type)) return static_cast<int>(exit_code(shown));
        throw shown;
    }
    say_problems(bus);
    bus.close();
    if (steering.signal() != 0) return 128 + steering.signal();
    return static_cast<int>(worst_failure(bus));
}

}  // namespace offlineimap::core
