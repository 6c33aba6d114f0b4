// SPDX-License-Identifier: Apache-2.0
// load-plugin <plugin.so> <directory>: loads the example as the program does, and lets it keep a
// message in that directory and give it back.
#include "core/host/cancel.hpp"
#include "core/host/event_bus.hpp"
#include "core/host/host_services.hpp"
#include "core/host/loader.hpp"

#include <offlineimap/repository.hpp>

#include <iostream>

namespace {

using namespace offlineimap;

class PathSetting final : public Settings {
public:
    explicit PathSetting(std::string path) : path_(std::move(path)) { }
    std::string text(std::string_view) const override { return path_; }
    std::int64_t number(std::string_view) const override { return 0; }
    bool flag(std::string_view) const override { return false; }
    std::vector<std::string> list(std::string_view) const override { return {}; }
    bool has(std::string_view name) const noexcept override { return name == "path"; }
    std::string where(std::string_view) const override { return "command line"; }

private:
    std::string path_;
};

/// Keeps what it is told.
class Sinks final : public StoreSink, public FetchSink {
public:
    void stored(std::size_t, const MessageId& new_id) override { id = new_id; }
    void begin(std::size_t, const Message&, std::uint64_t) override { }
    bool data(Bytes chunk) override
    {
        text.append(reinterpret_cast<const char*>(chunk.data()), chunk.size());
        return true;
    }
    void end() override { }
    void failed(std::size_t, const Error& why) override { throw Error(why); }

    MessageId id;
    std::string text;
};

void keep_and_give_back(Session& session)
{
    const std::string text = "Subject: hello\r\n\r\nworld\r\n";
    const auto folder = session.create_folder({"notes"});
    Sinks sinks;
    const auto appender = session.append(sinks);
    appender->begin(0, folder.index, {}, text.size());
    appender->write(std::as_bytes(std::span(text)));
    appender->end();
    appender->finish();
    const MessageRef message {folder.index, sinks.id};
    session.fetch({&message, 1}, Part::whole, sinks);
    if (sinks.text != text) throw Error(Errc::corrupt, "another text came back: " + sinks.text);
    if (session.folders().size() != 1) throw Error(Errc::corrupt, "not one folder");
}

}  // namespace

int main(int count, char** arguments)
{
    try {
        if (count != 3) throw Error(Errc::config, "usage: load-plugin <plugin.so> <directory>");
        const auto& plugin = core::PluginLoader::load(arguments[1]);
        const PathSetting settings(arguments[2]);
        core::EventBus bus;
        core::HostServices host(settings, bus, {});
        const core::CancelSource cancel;
        const auto repository = plugin.components[0].make.repository(host);
        keep_and_give_back(*repository->connect(cancel));
        return 0;
    } catch (const std::exception& error) {
        std::cerr << "load-plugin: " << error.what() << "\n";
        return 1;
    }
}
