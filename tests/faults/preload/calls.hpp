// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>
#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

// What the wrapped system calls share. The environment says what is to happen:
//   FAULTS_ROOT   only files below this directory take part (and every socket)
//   FAULTS_LOG    each durable call that was done is written there; see note()
//   FAULTS_KILL   the process is killed before this durable call (counted from 1)
//   FAULTS_TEAR   set: if that call writes, half of it is done first
//   FAULTS_FAIL   N:ERRNO[:on]: the N-th call that can fail does so, with "on" all after it too;
//                 -1: none does, the log tells which could

namespace faults {

/// A name in a directory, as the log has it.
struct Place {
    bool ours = false;
    ino_t directory = 0;
    std::string name;
    std::string path;
};
Place place(int directory, const char* path);

/// What a descriptor stands for.
struct Target {
    bool socket = false;
    bool ours = false;  ///< a file or directory below the root
    ino_t inode = 0;
    std::string path;
};
Target target(int descriptor);

ino_t inode(int directory, const char* path);

/// Holds the lock, so that the log has the calls in the order in which they happened.
class Call {
public:
    explicit Call(const char* name);
    ~Call();
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

    /// Counts a call that may be made to fail; 0 = let it go on.
    int failure(std::string_view path);
    /// Counts a durable call; may kill the process. True: do half of it, then call kill().
    bool durable();
    [[noreturn]] void kill();
    /// Writes a line to the log: the name of the call, the fields, the size of the data, with tabs
    /// between; then the data and a line feed.
    void note(std::string_view fields, std::string_view data = {});

private:
    const char* name_;
    int saved_errno_ = 0;
};

}  // namespace faults
